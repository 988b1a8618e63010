import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { EngineError } from '../engine-error.js';
import { type CommandResult, runCommand } from '../host/command.js';
import { packageRoot } from '../packages/package-root.js';
import type { Registry } from './registry.js';

/** The names under which the base image is pushed; the second is what a mirror of Docker Hub is asked for on `busybox`. */
const repositories = ['base', 'library/busybox'];

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const configType = 'application/vnd.oci.image.config.v1+json';
const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** Go's names of the architectures that Debian builds busybox for, by Node's. */
const goArchitectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  ppc64: 'ppc64le',
  loong64: 'loong64',
};

/**
 * Pushes an image of busybox with all its applets to a registry, as `base` and as `library/busybox`, tag `latest`: PATH is
 * /bin and the command /bin/sh. Written straight to the registry, so no engine is needed, and the same bytes each time.
 * Does nothing when it is there. Gives the reference of `base`.
 */
export async function pushBaseImage(
  registry: Pick<Registry, 'host' | 'url' | 'packages'>,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (line: string) => void } = {},
): Promise<string> {
  const reference = `${registry.host}/base:latest`;
  const present = await Promise.all(repositories.map((name) => hasManifest(registry.url, name)));
  if (!present.includes(false)) return reference;
  const { packages } = registry;
  const root = await packageRoot({ packages, ...options, name: 'busybox', suite: 'system', names: ['busybox-static'] });
  options.onProgress?.(`pushing ${reference}`);
  const tar = await baseLayer(await busyboxOf(root), options.signal);
  const layer = gzipSync(tar);
  const config = Buffer.from(JSON.stringify(imageConfig(sha256(tar))));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: configType, digest: sha256(config), size: config.length },
    layers: [{ mediaType: layerType, digest: sha256(layer), size: layer.length }],
  });
  for (const name of repositories) {
    for (const blob of [layer, config]) await pushBlob(registry.url, name, blob);
    await send(`${registry.url}/v2/${name}/manifests/latest`, 'PUT', manifest, manifestType);
  }
  return reference;
}

/** The path of busybox in its unpacked package, which old releases have in /bin. */
async function busyboxOf(root: string): Promise<string> {
  for (const path of ['usr/bin/busybox', 'bin/busybox']) {
    const found = await readFile(join(root, path)).then(
      () => true,
      () => false,
    );
    if (found) return join(root, path);
  }
  throw new EngineError('no-package', "The package busybox-static doesn't hold busybox.", 'Use another suite.');
}

async function baseLayer(busybox: string, signal: AbortSignal | undefined): Promise<Buffer> {
  const work = await mkdtemp(join(tmpdir(), 'hlb-base-'));
  const tree = join(work, 'tree');
  try {
    for (const name of ['bin', 'tmp', 'etc', 'root', 'proc', 'sys', 'dev'])
      await mkdir(join(tree, name), { recursive: true, mode: 0o755 });
    await chmod(join(tree, 'tmp'), 0o1777);
    await copyFile(busybox, join(tree, 'bin/busybox'));
    await chmod(join(tree, 'bin/busybox'), 0o755);
    const applets = succeeded(await runCommand(busybox, ['--list'], { signal })).stdout.split('\n');
    for (const applet of applets)
      if (applet !== '' && applet !== 'busybox') await symlink('busybox', join(tree, 'bin', applet));
    await writeFile(join(tree, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n');
    await writeFile(join(tree, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
    const order = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=ustar'];
    const file = join(work, 'layer.tar');
    succeeded(await runCommand('tar', ['-C', tree, ...order, '-cf', file, '.'], { signal }));
    return await readFile(file);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function imageConfig(diffId: string): object {
  return {
    architecture: goArchitectures[process.arch] ?? process.arch,
    os: 'linux',
    config: { Env: ['PATH=/bin'], Cmd: ['/bin/sh'] },
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'busybox-static' }],
  };
}

async function hasManifest(url: string, name: string): Promise<boolean> {
  const answer = await fetch(`${url}/v2/${name}/manifests/latest`, {
    method: 'HEAD',
    headers: { Accept: manifestType },
  });
  return answer.ok;
}

async function pushBlob(url: string, name: string, blob: Buffer): Promise<void> {
  const started = await send(`${url}/v2/${name}/blobs/uploads/`, 'POST');
  const target = new URL(started.headers.get('location') ?? '', url);
  target.searchParams.set('digest', sha256(blob));
  await send(target.href, 'PUT', blob, 'application/octet-stream');
}

async function send(url: string, method: string, body?: Buffer | string, type?: string): Promise<Response> {
  const answer = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    ...(type === undefined ? {} : { headers: { 'Content-Type': type } }),
  });
  if (answer.ok) return answer;
  throw new EngineError(
    'registry-failed',
    `The registry refuses ${method} ${url}: ${answer.status} ${await answer.text()}`,
    "Read the registry's log, registry.log in its folder.",
  );
}

function succeeded(result: CommandResult): CommandResult {
  if (result.exitCode === 0) return result;
  throw new EngineError('command-failed', `The base image can't be made: ${result.stderr.trim()}`, 'Check the disk.');
}

function sha256(data: Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}
