import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError, otherEngineHelp, throwIfAborted } from '../engine-error.js';
import { lastLines } from '../host/command.js';
import { dockerVersion } from '../host/docker-api.js';
import { findExecutable } from '../host/executable.js';
import type { EngineLayout } from '../layout.js';
import type { EngineTools } from '../tools.js';

/** What dockerd is started with. */
export interface DaemonOptions {
  readonly root: string;
  readonly suite: string;
  readonly tools: EngineTools;
  readonly env: NodeJS.ProcessEnv;
  readonly logLimits: 'default' | 'none';
  readonly registryMirror?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called as soon as the process exists, before it answers. */
  readonly onStart: (pid: number) => Promise<void>;
}

/** How long dockerd may take to answer, in milliseconds: a big store on a slow disk takes its time. */
const startPatience = 60_000;

/** File systems (statfs(2)) that can't hold the upper layer of an overlay: overlay itself and NFS. */
const notBelowOverlay = [0x794c7630, 0x6969];

/** Starts dockerd, detached from this process, and waits until it answers. Gives its version. */
export async function startDaemon(layout: EngineLayout, options: DaemonOptions): Promise<string> {
  const folders = ['usr/sbin', 'usr/bin', 'sbin', 'bin'].map((folder) => join(options.root, folder));
  const dockerd = await findExecutable('dockerd', folders);
  if (dockerd === undefined)
    throw new EngineError(
      'no-package',
      `The packages of ${options.suite} don't hold dockerd.`,
      `Set HLB_ENGINE_SUITE to another suite. Or: ${otherEngineHelp}`,
    );
  await mkdir(layout.run, { recursive: true, mode: 0o700 });
  const data = join(layout.data, options.suite);
  await mkdir(data, { recursive: true, mode: 0o700 });
  const config = await writeConfig(layout, data, options.registryMirror);
  await rm(join(layout.run, 'docker.pid'), { force: true });
  const log = await open(layout.log, 'w', 0o600);
  const child = spawn(dockerd, daemonArgs(layout, data, config), {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    cwd: '/',
    env: daemonEnv(options, folders),
  });
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    ended = signal === null ? `exit code ${code}` : signal;
  });
  child.unref();
  await log.close();
  await options.onStart(child.pid ?? 0);
  const end = Date.now() + startPatience;
  for (;;) {
    const version = await dockerVersion(layout.socket);
    if (version !== undefined) return version;
    throwIfAborted(options.signal);
    if (ended !== undefined) throw await startFailure(layout, `dockerd ended at once (${ended})`);
    if (Date.now() > end) throw await startFailure(layout, `dockerd did not answer within ${startPatience / 1000} s`);
    await delay(30);
  }
}

/** Writes dockerd's configuration. The registry mirror is the one setting that a running dockerd takes anew (on SIGHUP). */
export async function writeConfig(layout: EngineLayout, data: string, registryMirror?: string): Promise<string> {
  const file = join(layout.run, 'daemon.json');
  const { type } = await statfs(data);
  const config = {
    features: { 'containerd-snapshotter': true },
    // Copies instead of an overlay where the file system allows no other: slower, but it works.
    ...(notBelowOverlay.includes(type) ? { 'storage-driver': 'native' } : {}),
    'registry-mirrors': registryMirror === undefined ? [] : [registryMirror],
    builder: { entitlements: { 'network-host': true, 'security-insecure': true } },
  };
  await writeFile(file, `${JSON.stringify(config)}\n`);
  return file;
}

function daemonArgs(layout: EngineLayout, data: string, config: string): string[] {
  return [
    ['--config-file', config],
    ['--host', `unix://${layout.socket}`],
    ['--exec-root', join(layout.run, 'exec')],
    ['--data-root', data],
    ['--pidfile', join(layout.run, 'docker.pid')],
    ['--bridge', layout.bridge],
    // Docker's global firewall rules would fight with another engine's; `network/bridge.ts` makes what is needed.
    ['--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false', '--userland-proxy=false'],
    // A parent of its own, so that no other engine's control groups are mixed up with these.
    ['--exec-opt', 'native.cgroupdriver=cgroupfs', '--cgroup-parent', `/hlb-${layout.id}`],
  ].flat();
}

function daemonEnv(options: DaemonOptions, folders: readonly string[]): NodeJS.ProcessEnv {
  const limits = options.logLimits === 'none' ? '-1' : undefined;
  return {
    ...options.env,
    ...options.tools.env,
    PATH: [...folders, ...options.tools.path].join(':'),
    // BuildKit cuts a step's log beyond 2 MiB and 200 KiB a second unless told otherwise.
    ...(limits === undefined ? {} : { BUILDKIT_STEP_LOG_MAX_SIZE: limits, BUILDKIT_STEP_LOG_MAX_SPEED: limits }),
  };
}

async function startFailure(layout: EngineLayout, what: string): Promise<EngineError> {
  const log = await readFile(layout.log, 'utf8').catch(() => '');
  const tail = lastLines(log, 12);
  return new EngineError(
    'start-failed',
    `The engine did not start: ${what}.${tail ? `\n${tail}` : ''}`,
    `Read the whole log above for the cause; \`hlb engine purge\` starts from nothing. Or: ${otherEngineHelp}`,
  );
}
