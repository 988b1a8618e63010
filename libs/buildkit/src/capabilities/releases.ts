/** The releases of BuildKit after 0.3, with the capabilities that each brought. */
const RELEASES: readonly (readonly [version: string, ids: string])[] = [
  ['0.4', 'importcaches'],
  ['0.5', 'file.base exec.meta.security'],
  ['0.7', 'frontend.inputs proto.refarray reference.output file.rm.wildcard exec.mount.bind.readwrite-nooutput'],
  ['0.8', 'gateway.exec gateway.solve.evaluate gateway.solve.metadata frontend.caps'],
  ['0.8', 'source.git.httpauth source.git.knownsshhosts source.git.mountsshsock'],
  ['0.9', 'source.git.subdir source.local.differ file.copy.includeexcludepatterns cache.gha'],
  ['0.10', 'gateway.warnings gateway.exec.extrahosts gateway.exec.signals mergeop diffop'],
  ['0.10', 'exec.secretenv exec.meta.ulimit exec.meta.cgroup.parent exec.mount.tmpfs.size file.rm.nofollowsymlink'],
  ['0.11', 'gateway.evaluate reference.attestations source.ocilayout source.image.layerlimit source.policy'],
  ['0.11', 'exporter.image.annotations exporter.image.attestations exporter.sourcedateepoch cache.s3 cache.azblob'],
  ['0.12', 'gateway.exec.secretenv'],
  ['0.13', 'source.metaresolver exporter.multiple exec.mount.cache.content'],
  ['0.14', 'file.copy.alwaysreplaceexistingdestpaths'],
  ['0.17', 'exec.validexitcode gc.freespacefilter'],
  ['0.19', 'file.symlink.create'],
  ['0.20', 'exec.meta.cdi history.filter'],
  ['0.21', 'source.http.auth source.http.header source.local.metadatatransfer exporter.session'],
  ['0.22', 'source.git.checksum'],
  ['0.24', 'source.git.skipsubmodules'],
  ['0.25', 'source.image.checksum'],
  ['0.26', 'source.git.signatureverify source.policy.session file.copy.requiredpaths'],
  ['0.27', 'gateway.exec.filesystem'],
  ['0.28', 'source.metaresolver.image.attestations source.metaresolver.http.checksumrequest'],
  ['0.28', 'source.imageblob source.http.signatureverify'],
  ['0.29', 'source.git.mtime'],
  ['0.30', 'source.git.fetchbycommit source.git.bundle source.git.checkoutbundle'],
  ['0.31', 'passthroughop exec.meta.linux.resources exec.meta.network.proxy'],
];

const SINCE: ReadonlyMap<string, string> = new Map(
  RELEASES.flatMap(([version, ids]) => ids.split(' ').map((id) => [id, version] as const)),
);

/** The first release of BuildKit with a capability; `undefined` for the oldest and for unknown ones. */
export function releaseOf(capability: string): string | undefined {
  return SINCE.get(capability);
}
