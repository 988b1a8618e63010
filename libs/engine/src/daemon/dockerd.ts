import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dockerVersion } from '../host/docker-api.js';
import type { EngineLayout } from '../layout.js';
import type { EngineTools } from '../tools.js';
import { containerdSocket, startContainerd } from './containerd.js';
import { startProgram } from './program.js';

/** What the engine is started with. */
export interface DaemonOptions {
  /** The folder that the packages are unpacked in. */
  readonly root: string;
  readonly suite: string;
  readonly tools: EngineTools;
  readonly env: NodeJS.ProcessEnv;
  readonly logLimits: 'default' | 'none';
  readonly registryMirror?: string | undefined;
  /** The greatest packet that the machine's own network carries, in bytes. */
  readonly mtu: number;
  readonly signal?: AbortSignal | undefined;
  /** Called as soon as dockerd's process exists, before it answers. */
  readonly onStart: (pid: number) => Promise<void>;
}

/** File systems (statfs(2)) that can't hold the upper layer of an overlay: overlay itself and NFS. */
const notBelowOverlay = [0x794c7630, 0x6969];

/**
 * What the engine inherits of the environment: it outlives its caller, so no tokens, and no NOTIFY_SOCKET, by which it would
 * report to the caller's service manager.
 */
const inherited =
  /^(HOME|USER|LANG|LC_.*|TZ|DOCKER_TMPDIR|BUILDKIT_.*|SSL_CERT_(FILE|DIR)|GODEBUG|(https?|ftp|all|no)_proxy)$/i;

/** Starts containerd and dockerd, detached from this process, and waits until dockerd answers. Gives its version and pid. */
export async function startDaemon(
  layout: EngineLayout,
  options: DaemonOptions,
): Promise<{ readonly version: string; readonly pid: number }> {
  const folders = ['usr/sbin', 'usr/bin', 'sbin', 'bin'].map((folder) => join(options.root, folder));
  const env = daemonEnv(options, folders);
  const data = dataFolder(layout, options.suite);
  await mkdir(layout.run, { recursive: true, mode: 0o700 });
  await mkdir(data, { recursive: true, mode: 0o700 });
  const { signal, onStart } = options;
  await startContainerd(layout, data, { folders, env, signal, log: join(layout.run, 'containerd.log') });
  const config = await writeConfig(layout, data, options.registryMirror);
  let version: string | undefined;
  const answers = async (): Promise<boolean> => {
    version = await dockerVersion(layout.socket);
    return version !== undefined;
  };
  const args = daemonArgs(layout, data, config, options.mtu);
  const { pid } = await startProgram('dockerd', args, { folders, env, signal, onStart, log: layout.log }, answers);
  return { version: version ?? 'unknown', pid };
}

/** The engine's store. Each suite has its own: an older Docker Engine can't read a newer one's. */
export function dataFolder(layout: EngineLayout, suite: string): string {
  return join(layout.data, suite);
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

function daemonArgs(layout: EngineLayout, data: string, config: string, mtu: number): string[] {
  return [
    ['--config-file', config],
    ['--host', `unix://${layout.socket}`],
    ['--containerd', containerdSocket(layout)],
    ['--exec-root', join(layout.run, 'exec')],
    ['--data-root', data],
    ['--pidfile', join(layout.run, 'docker.pid')],
    ['--bridge', layout.bridge, '--mtu', String(mtu)],
    // Docker's global firewall rules would fight with another engine's; `network/bridge.ts` makes what is needed.
    ['--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false', '--userland-proxy=false'],
    // A parent of its own, by which its containers are found, and which no other engine's are mixed up with.
    ['--exec-opt', 'native.cgroupdriver=cgroupfs', '--cgroup-parent', `/${layout.cgroup}`],
  ].flat();
}

function daemonEnv(options: DaemonOptions, folders: readonly string[]): NodeJS.ProcessEnv {
  const limits = options.logLimits === 'none' ? '-1' : undefined;
  return {
    ...Object.fromEntries(Object.entries(options.env).filter(([name]) => inherited.test(name))),
    ...options.tools.env,
    PATH: [...folders, ...options.tools.path].join(':'),
    // BuildKit cuts a step's log beyond 2 MiB and 200 KiB a second unless told otherwise.
    ...(limits === undefined ? {} : { BUILDKIT_STEP_LOG_MAX_SIZE: limits, BUILDKIT_STEP_LOG_MAX_SPEED: limits }),
  };
}
