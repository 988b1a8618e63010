import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EngineError } from './engine-error.js';
import { commandPath, findExecutable } from './host/executable.js';
import { systemCertificates, unpackCertificates } from './packages/certificates.js';
import type { RootRequest } from './packages/package-root.js';
import { unpackCommand } from './packages/unpacked-command.js';

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

/**
 * Finds the commands that dockerd needs, and unpacks those that the system lacks beside the engine, from the system's own
 * suite so that they fit its C library: runc runs containers, git fetches git sources, ip and nft make the network.
 */
export async function engineTools(fetch: Fetch, env: NodeJS.ProcessEnv): Promise<EngineTools> {
  const system = commandPath(env);
  const privateFolders: string[] = [];
  const variables: Record<string, string> = {};
  if (!(await findExecutable('runc', system))) privateFolders.push(dirname(await unpackCommand('runc', fetch)));
  if (!(await systemCertificates(env))) variables['SSL_CERT_FILE'] = await unpackCertificates(fetch);
  if (!(await findExecutable('git', system))) {
    const certificates = variables['SSL_CERT_FILE'];
    privateFolders.push(dirname(await unpackCommand('git', fetch, certificates)));
  }
  const ip = (await findExecutable('ip', system)) ?? (await unpackCommand('ip', fetch));
  const nft = (await findExecutable('nft', system)) ?? (await unpackCommand('nft', fetch).catch(unlessFinal));
  return { ip, nft, path: [...privateFolders, ...system], env: variables };
}

/** The commands that remove a network, if they are there: of the system, or unpacked by an earlier start. Fetches nothing. */
export async function installedNetworkTools(
  packages: string,
  env: NodeJS.ProcessEnv,
): Promise<Pick<EngineTools, 'ip' | 'nft'>> {
  const roots = await readdir(packages).catch(() => []);
  const folders = [...commandPath(env), ...roots.map((root) => join(packages, root, 'wrapper'))];
  return { ip: (await findExecutable('ip', folders)) ?? 'ip', nft: await findExecutable('nft', folders) };
}

/** An engine without nft is still of use, so failing to get it is borne, unless everything else would fail the same way. */
function unlessFinal(error: unknown): undefined {
  if (error instanceof EngineError && !['aborted', 'disk-full', 'bad-folder'].includes(error.code)) return undefined;
  throw error;
}
