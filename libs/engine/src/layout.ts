import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Where everything of one engine lives. Derived from its folder alone, so that every process finds the same. */
export interface EngineLayout {
  /** The engine's folder, absolute, without links. */
  readonly dir: string;
  /** Eight hex digits that stand for the folder: they tell this engine's bridge and tables from another's. */
  readonly id: string;
  /** Unpacked packages; may be shared by several engines. */
  readonly packages: string;
  /** Sockets, pid and log of the running engine. */
  readonly run: string;
  readonly data: string;
  readonly socket: string;
  readonly log: string;
  readonly state: string;
  readonly lock: string;
  readonly bridge: string;
  /** The control group that its containers are below. */
  readonly cgroup: string;
}

/** Linux's `sockaddr_un` has room for a path of 107 bytes and its end. */
const longestSocketPath = 107;
/** The longest socket below the run folder (libnetwork's has an id of twelve digits). */
const longestSocketBelowRun = '/containerd/containerd.sock.ttrpc';

/** The options that decide where an engine lives. */
export interface LayoutOptions {
  /** Default: `HLB_ENGINE_DIR`, else `hlb/engine` in the user's cache folder. */
  readonly dir?: string | undefined;
  /** Default: `HLB_ENGINE_PACKAGES`, else `packages` in the engine's folder. */
  readonly packages?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** Works out where an engine lives; makes nothing. */
export function engineLayout(options: LayoutOptions = {}): EngineLayout {
  const env = options.env ?? process.env;
  const dir = withoutLinks(options.dir ?? nonEmpty(env['HLB_ENGINE_DIR']) ?? join(cacheFolder(env), 'hlb', 'engine'));
  const id = createHash('sha256').update(dir).digest('hex').slice(0, 8);
  const run = shortEnough(join(dir, 'run')) ? join(dir, 'run') : join(shortFolder(), `hlb-engine-${id}`);
  const packages = options.packages ?? nonEmpty(env['HLB_ENGINE_PACKAGES']);
  return {
    dir,
    id,
    packages: packages === undefined ? join(dir, 'packages') : withoutLinks(packages),
    run,
    data: join(dir, 'data'),
    socket: join(run, 'docker.sock'),
    log: join(run, 'dockerd.log'),
    state: join(run, 'engine.json'),
    lock: join(dir, 'lock'),
    bridge: `hlb${id}`,
    cgroup: `hlb-${id}`,
  };
}

/** The user's cache folder, after the XDG base directory specification. */
function cacheFolder(env: NodeJS.ProcessEnv): string {
  return nonEmpty(env['XDG_CACHE_HOME']) ?? join(nonEmpty(env['HOME']) ?? homedir(), '.cache');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function shortEnough(run: string): boolean {
  return Buffer.byteLength(run + longestSocketBelowRun) <= longestSocketPath;
}

/** A folder with a short name for the sockets of an engine whose own folder has a long one. */
function shortFolder(): string {
  return existsSync('/run') ? '/run' : '/tmp';
}

/** The absolute path with the links of its existing part followed, so that one folder has one name. */
function withoutLinks(path: string): string {
  const absolute = resolve(path);
  const missing: string[] = [];
  for (let at = absolute; ; at = dirname(at)) {
    try {
      return join(realpathSync(at), ...missing);
    } catch {
      if (dirname(at) === at) return absolute;
      missing.unshift(at.slice(dirname(at).length).replace(/^\//, ''));
    }
  }
}
