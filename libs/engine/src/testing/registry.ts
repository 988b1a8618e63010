import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError, folderError, throwIfAborted } from '../engine-error.js';
import { lastLines, withResolvers } from '../host/command.js';
import { lockFile } from '../host/lock.js';
import { endProcess, isProcessOf } from '../host/processes.js';
import { engineLayout } from '../layout.js';
import { packageRoot } from '../packages/package-root.js';

/** Where a test registry lives. */
export interface RegistryOptions {
  /** The registry's folder: its images stay there between runs. */
  readonly dir: string;
  /** Default: the port it had last time if that is free, else any free one. */
  readonly port?: number;
  /** Whom it lets in: the section `auth` of its configuration. Default: everybody. Only for one that isn't running yet. */
  readonly auth?: Readonly<Record<string, unknown>>;
  /** Where packages are unpacked. Default: as the engine's. */
  readonly packages?: string;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** A running registry on this machine, over plain HTTP. */
export interface Registry {
  /** What image names begin with: `localhost:PORT`. */
  readonly host: string;
  readonly url: string;
  readonly dir: string;
  readonly packages: string;
  readonly pid: number;
}

/** Starts a registry from the system's package `docker-registry`, or finds it running. Throws `EngineError`. */
export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const packages = options.packages ?? engineLayout().packages;
  const { dir, signal, onProgress } = options;
  const root = await packageRoot({
    ...{ packages, signal, onProgress },
    ...{ name: 'registry', suite: 'system', names: ['docker-registry'] },
  });
  const lock = await lockFile(join(dir, 'lock'), { signal });
  try {
    const running = await runningRegistry(dir, packages);
    if (running && (options.port === undefined || running.url.endsWith(`:${options.port}`))) return running;
    if (running) await endProcess(running.pid, 5_000);
    const port = options.port ?? (await freePort(await lastPort(dir)));
    return await start(join(root, 'usr/bin/docker-registry'), { ...options, port, packages });
  } catch (error) {
    throw folderError(error, dir);
  } finally {
    await lock.release();
  }
}

/** Stops the registry of a folder; its images stay. */
export async function stopRegistry({ dir }: Pick<RegistryOptions, 'dir'>): Promise<void> {
  const { pid } = await readState(dir);
  if (pid !== undefined && (await isProcessOf(pid, 'docker-registry', dir))) await endProcess(pid, 5_000);
}

async function start(
  program: string,
  options: RegistryOptions & { port: number; packages: string },
): Promise<Registry> {
  const { dir, port, packages, auth, signal, onProgress } = options;
  onProgress?.(`starting a registry on localhost:${port}`);
  const config = join(dir, 'registry.yml');
  await mkdir(join(dir, 'images'), { recursive: true });
  // JSON is YAML, too.
  const settings = {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(dir, 'images') }, delete: { enabled: true } },
    http: { addr: `localhost:${port}` },
    ...(auth === undefined ? {} : { auth }),
  };
  await writeFile(config, JSON.stringify(settings));
  const log = await open(join(dir, 'registry.log'), 'w');
  const child = spawn(program, ['serve', config], { detached: true, stdio: ['ignore', log.fd, log.fd], cwd: '/' });
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code) => {
    ended = `exit code ${code}`;
  });
  child.unref();
  await log.close();
  const pid = child.pid ?? 0;
  await writeFile(join(dir, 'registry.json'), JSON.stringify({ pid, port }));
  const registry = registryAt({ dir, port, pid, packages });
  const end = Date.now() + 60_000;
  while (!(await answers(registry.url))) {
    if (ended !== undefined || Date.now() > end || signal?.aborted) {
      await endProcess(pid, 1_000);
      throwIfAborted(signal);
      const tail = lastLines(await readFile(join(dir, 'registry.log'), 'utf8').catch(() => ''), 5);
      throw new EngineError(
        'registry-failed',
        `The registry on port ${port} did not start (${ended ?? 'no answer'}).\n${tail}`,
        'Check that the port is free.',
      );
    }
    await delay(20);
  }
  return registry;
}

async function runningRegistry(dir: string, packages: string): Promise<Registry | undefined> {
  const { pid, port } = await readState(dir);
  if (pid === undefined || port === undefined || !(await isProcessOf(pid, 'docker-registry', dir))) return undefined;
  const registry = registryAt({ dir, port, pid, packages });
  return (await answers(registry.url)) ? registry : undefined;
}

function registryAt(at: { dir: string; port: number; pid: number; packages: string }): Registry {
  const host = `localhost:${at.port}`;
  return { host, url: `http://${host}`, dir: at.dir, packages: at.packages, pid: at.pid };
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/v2/`).then(
    // A private one asks for a login.
    (answer) => answer.ok || answer.status === 401,
    () => false,
  );
}

async function lastPort(dir: string): Promise<number> {
  return (await readState(dir)).port ?? 0;
}

async function readState(dir: string): Promise<{ pid?: number; port?: number }> {
  const text = await readFile(join(dir, 'registry.json'), 'utf8').catch(() => '{}');
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return {};
  return {
    ...('pid' in value && typeof value.pid === 'number' ? { pid: value.pid } : {}),
    ...('port' in value && typeof value.port === 'number' ? { port: value.port } : {}),
  };
}

/** The wanted port of localhost when it is free, else one that is. */
async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = withResolvers<number>();
  server.once('error', reject);
  server.listen({ port: wanted, host: 'localhost' }, () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : wanted));
  });
  try {
    return await promise;
  } catch (error) {
    if (wanted !== 0) return freePort(0);
    throw error;
  }
}

/** Deletes the registry's folder with its images; stop it first. */
export async function purgeRegistry({ dir }: Pick<RegistryOptions, 'dir'>): Promise<void> {
  await stopRegistry({ dir });
  await rm(dir, { recursive: true, force: true });
}
