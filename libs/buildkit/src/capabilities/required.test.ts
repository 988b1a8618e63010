import { ControlService } from '@hlb/proto/control';
import { LLBBridgeService } from '@hlb/proto/gateway';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../connect/connect.js';
import { solve } from '../control/solve.js';
import type { SolveOptions } from '../control/solve-request.js';
import { fakeConnection } from '../fixtures/fake-connection.js';
import { FakeEngine } from '../fixtures/fake-engine.js';
import { openGateway } from '../gateway/open-gateway.js';
import { engineCapabilities } from './engine-capabilities.js';
import { hasClassicStore } from './image-store.js';

const fake = fakeConnection();

const image = (...attrs: [string, string][]): SolveOptions => ({
  exporters: [{ type: 'image', attrs: new Map(attrs) }],
});

const silent: readonly (readonly [string, string, SolveOptions])[] = [
  ['exporter.multiple', '0.13', { exporters: [{ type: 'local' }, { type: 'tar' }] }],
  ['exporter.session', '0.21', { enableSessionExporter: true }],
  ['source.policy', '0.11', { sourcePolicy: { version: 1n, rules: [] } }],
  ['source.policy.session', '0.26', { sourcePolicySession: 's' }],
  ['exporter.image.annotations', '0.11', image(['annotation.a', 'b'])],
  ['exporter.image.annotations', '0.11', image(['annotation-index.a', 'b'])],
  ['exporter.image.attestations', '0.11', { frontendAttrs: new Map([['attest:sbom', '']]) }],
  ['exporter.sourcedateepoch', '0.11', image(['source-date-epoch', '0'])],
  ['exporter.sourcedateepoch', '0.11', { frontendAttrs: new Map([['build-arg:SOURCE_DATE_EPOCH', '0']]) }],
  ['exporter.multiple', '0.13', image(['rewrite-timestamp', 'true'])],
  ['source.policy', '0.11', { exporters: [{ type: 'oci', attrs: new Map([['tar', 'false']]) }] }],
  ['passthroughop', '0.31', { exporters: [{ type: 'local', attrs: new Map([['mode', 'delete']]) }] }],
  ['cache.gha', '0.9', { cacheExports: [{ type: 'gha' }] }],
  ['cache.s3', '0.11', { cacheImports: [{ type: 's3' }] }],
  ['cache.azblob', '0.11', { cacheImports: [{ type: 'azblob' }] }],
  ['source.git.bundle', '0.30', { compatibilityVersion: 20n }],
  ['exec.meta.network.proxy', '0.31', { proxyNetwork: true }],
];

test.each(silent)('what needs %s (BuildKit %s) does not begin without it', async (capability, release, options) => {
  fake.engine.announce({ llb: [] });
  const refused = { code: 'UNIMPLEMENTED', message: expect.stringContaining(`needs BuildKit ${release} or newer`) };
  const build = solve(fake.connection, { frontend: 'f', ...options });
  await expect(build.done).rejects.toMatchObject(refused);
  for await (const update of build.updates) expect.unreachable(`news of a build that never began: ${String(update)}`);
  await expect(openGateway(fake.connection, options)).rejects.toMatchObject(refused);
  expect(fake.engine.calls).not.toContain(ControlService.status.path);

  const other = await connect(fake.engine.address);
  fake.engine.announce({ llb: [capability] }, () => ({ ExporterResponse: new Map([['done', 'yes']]) }));
  expect(await solve(other, { frontend: 'f', ...options }, { progress: false }).done).toEqual(
    new Map([['done', 'yes']]),
  );
  await other.close();
});

test('a build that asks for nothing new asks the engine for nothing either', async () => {
  fake.engine.on(ControlService.solve, () => ({ ExporterResponse: new Map() }));
  await solve(fake.connection, { frontend: 'f', exporters: [{ type: 'local' }] }, { progress: false }).done;
  expect(fake.engine.calls).not.toContain(LLBBridgeService.ping.path);
});

test('an engine is asked once a connection; what failed is asked again', async () => {
  await expect(engineCapabilities(fake.connection)).rejects.toThrow(/unknown service/);
  fake.engine.announce({ llb: ['mergeop'], gateway: ['gateway.exec'] });
  const [first, second] = await Promise.all([engineCapabilities(fake.connection), engineCapabilities(fake.connection)]);
  expect(first).toBe(second);
  expect(first.llb.has('mergeop')).toBe(true);
  expect(first.gateway.has('gateway.exec')).toBe(true);
  expect(fake.engine.calls.filter((path) => path === LLBBridgeService.return.path)).toHaveLength(1);
});

const classic: readonly (readonly [string, SolveOptions])[] = [
  ['the exporter "image"', image(['push', 'true'])],
  ['the exporter "oci"', { exporters: [{ type: 'local' }, { type: 'oci' }] }],
  ['exporting a cache of the type "registry"', { cacheExports: [{ type: 'registry' }] }],
  ['exporting a cache of the type "local"', { cacheExports: [{ type: 'inline' }, { type: 'local' }] }],
  [
    'an attestation of an image',
    { exporters: [{ type: 'moby' }], frontendAttrs: new Map([['attest:provenance', '']]) },
  ],
];

test.each(classic)('a Docker on its classic image store is not asked for %s', async (what, options) => {
  const docker = await FakeEngine.start({ speaks: 'upgrade' });
  onTestFinished(() => docker.close());
  docker.announce({ llb: ['exporter.multiple', 'exporter.image.attestations'] });
  const to = await connect(docker.address);
  onTestFinished(() => to.close());
  expect(hasClassicStore(to)).toBe(true);
  await expect(solve(to, { frontend: 'f', ...options }).done).rejects.toMatchObject({
    code: 'UNIMPLEMENTED',
    message: `${what} is not supported by this engine: Docker has it with the containerd image store alone (Docker 23 or newer)`,
  });
  // A stand-alone engine has all of them.
  fake.engine.announce({ llb: ['exporter.multiple', 'exporter.image.attestations'] });
  expect(hasClassicStore(fake.connection)).toBe(false);
  expect(await solve(fake.connection, { frontend: 'f', ...options }, { progress: false }).done).toEqual(new Map());
});
