/** What all functions of the managed engine take; every field has a default. */
export interface EngineOptions {
  /** The engine's folder. Default: `HLB_ENGINE_DIR`, else `hlb/engine` in the user's cache folder (`XDG_CACHE_HOME`, `~/.cache`). */
  readonly dir?: string;
  /** The suite of the engine's packages. Default: `HLB_ENGINE_SUITE`, else trixie on Debian and the system's own on Ubuntu. */
  readonly suite?: string;
  /** Told, one line each, what is being done: `downloading docker.io, containerd`. */
  readonly onProgress?: (line: string) => void;
  /** Ends the call with the error `aborted`; what was begun is undone. */
  readonly signal?: AbortSignal;
  /** A mirror of Docker Hub, `http://localhost:5000`. A running engine is switched over to it. */
  readonly registryMirror?: string;
  /** The environment: of the defaults above, and what the engine itself gets (proxies, for one). Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** `none` lifts BuildKit's limit on the log of a step (2 MiB in all, 200 KiB a second). */
  readonly logLimits?: 'default' | 'none';
  /** Where packages are unpacked, if not in the engine's folder: several engines may share it. Default: `HLB_ENGINE_PACKAGES`. */
  readonly packages?: string;
}

/** A running engine. */
export interface EngineInfo {
  /** The address of its Docker socket, `unix:///…/docker.sock`. */
  readonly address: string;
  readonly dir: string;
  /** The Docker Engine's version: `26.1.5+dfsg1`. */
  readonly version: string;
  /** The process id of dockerd. */
  readonly pid: number;
  readonly suite: string;
}
