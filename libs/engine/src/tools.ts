import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from './engine-error.js';
import { commandPath, findExecutable } from './host/executable.js';
import { packageRoot, type RootRequest } from './packages/package-root.js';

/** The commands that an engine needs beside itself. */
export interface EngineTools {
  /** Makes the bridge. */
  readonly ip: string;
  /** Lets builds out to the network; undefined when this system has no way to do so. */
  readonly nft: string | undefined;
  /** Folders for dockerd's PATH, the private ones first. */
  readonly path: readonly string[];
  /** What dockerd's environment needs besides: where unpacked certificates are. */
  readonly env: Readonly<Record<string, string>>;
}

type Fetch = Pick<RootRequest, 'packages' | 'signal' | 'onProgress'>;

/** Where root certificates lie that Go programs and git find by themselves. */
const certificateFiles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/ssl/cert.pem'];

/**
 * Finds the commands that dockerd needs, and unpacks those that the system lacks beside the engine, from the system's own
 * suite so that they fit its C library: runc runs containers, git fetches git sources, ip makes the bridge.
 */
export async function engineTools(fetch: Fetch, env: NodeJS.ProcessEnv): Promise<EngineTools> {
  const system = commandPath(env);
  const privateFolders: string[] = [];
  const variables: Record<string, string> = {};
  // `ip` of busybox-static needs no libraries and knows bridges; iproute2 would bring ten packages.
  const ip = (await findExecutable('ip', system)) ?? (await wrapped('ip', ['busybox-static'], 'busybox', fetch));
  if (!(await findExecutable('runc', system)))
    privateFolders.push(folderOf(await wrapped('runc', ['runc'], 'runc', fetch)));
  const certificates = await unpackedCertificates(fetch);
  if (certificates) variables['SSL_CERT_FILE'] = certificates;
  if (!(await findExecutable('git', system)))
    privateFolders.push(folderOf(await wrapped('git', ['git'], 'git', fetch)));
  const nft =
    (await findExecutable('nft', system)) ?? (await wrapped('nft', ['nftables'], 'nft', fetch).catch(ifUnavailable));
  return { ip, nft, path: [...privateFolders, ...system], env: variables };
}

/** The commands that remove a network, if they are there: of the system, or unpacked by an earlier start. Fetches nothing. */
export async function installedNetworkTools(
  packages: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly ip: string; readonly nft: string | undefined }> {
  const roots = await readdir(packages).catch(() => []);
  const folders = [...commandPath(env), ...roots.map((root) => join(packages, root, 'wrapper'))];
  return { ip: (await findExecutable('ip', folders)) ?? 'ip', nft: await findExecutable('nft', folders) };
}

/** Only a package source that lacks the package is borne; whatever else goes wrong would go wrong again. */
function ifUnavailable(error: unknown): undefined {
  if (error instanceof EngineError && (error.code === 'no-package' || error.code === 'packages-failed'))
    return undefined;
  throw error;
}

/** A script for `command` that runs the unpacked program with its libraries, in a folder that holds nothing else. */
async function wrapped(command: string, packages: readonly string[], program: string, fetch: Fetch): Promise<string> {
  const root = await packageRoot({ ...fetch, name: command, suite: 'system', names: packages, withDependencies: true });
  const script = join(root, 'wrapper', command);
  if (await findExecutable(command, [join(root, 'wrapper')])) return script;
  const folders = ['usr/sbin', 'usr/bin', 'sbin', 'bin'].map((folder) => join(root, folder));
  const path = await findExecutable(program, folders);
  if (path === undefined)
    throw new EngineError(
      'no-package',
      `The package ${packages.join(', ')} doesn't hold ${program}.`,
      `Install ${command} on this system: \`apt-get install ${command === 'ip' ? 'iproute2' : packages.join(' ')}\`.`,
    );
  const lines = ['#!/bin/sh'];
  const libraries = await libraryFolders(root);
  if (libraries.length > 0) lines.push(`export LD_LIBRARY_PATH=${quote(libraries.join(':'))}`);
  if (command === 'git')
    lines.push(
      `export GIT_EXEC_PATH=${quote(join(root, 'usr/lib/git-core'))} GIT_TEMPLATE_DIR=${quote(join(root, 'usr/share/git-core/templates'))}`,
      'if [ -n "$SSL_CERT_FILE" ]; then export GIT_SSL_CAINFO="$SSL_CERT_FILE"; fi',
    );
  lines.push(`exec ${quote(path)}${program === 'busybox' ? ` ${command}` : ''} "$@"`);
  await mkdir(join(root, 'wrapper'), { recursive: true });
  await writeFile(script, `${lines.join('\n')}\n`);
  await chmod(script, 0o755);
  return script;
}

/** The folders below a root that hold shared libraries: `usr/lib/x86_64-linux-gnu` and its like. */
async function libraryFolders(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (const base of ['usr/lib', 'lib']) {
    const entries = await readdir(join(root, base), { withFileTypes: true }).catch(() => []);
    for (const entry of entries)
      if (entry.isDirectory() && entry.name.includes('-linux-')) folders.push(join(root, base, entry.name));
  }
  return folders;
}

/** On a system without root certificates: a bundle of those of the package `ca-certificates`. */
async function unpackedCertificates(fetch: Fetch): Promise<string | undefined> {
  for (const file of certificateFiles)
    if (
      await readFile(file).then(
        () => true,
        () => false,
      )
    )
      return undefined;
  const root = await packageRoot({ ...fetch, name: 'certificates', suite: 'system', names: ['ca-certificates'] });
  const bundle = join(root, 'bundle.crt');
  const folder = join(root, 'usr/share/ca-certificates/mozilla');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.crt')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  await writeFile(bundle, texts.join('\n'));
  return bundle;
}

function folderOf(script: string): string {
  return script.slice(0, script.lastIndexOf('/'));
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
