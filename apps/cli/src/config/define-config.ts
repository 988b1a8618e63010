/** A pass made by `definePass` of `@hlb/ir`. */
export interface InlinePass {
  readonly name: string;
  readonly run: (...args: never[]) => unknown;
}

/** A row of `passes`. */
export interface PassConfig {
  /** A package, looked for from the configuration's folder upward; a path that starts with `./`, `../` or `/`; or a pass itself. */
  readonly pass: string | InlinePass;
  /** The pass's options, which its schema checks; of a package with several passes, an object of options by their names. */
  readonly options?: unknown;
  /** Passes before which it stands, as well as those that it names itself. */
  readonly before?: string | readonly string[];
  /** Passes after which it stands. */
  readonly after?: string | readonly string[];
  /** Seconds that each run of it may take; 60 unless given. */
  readonly timeLimit?: number;
}

/** Flags of `hlb run`, where they are not given. Paths lead from the configuration's folder. */
export interface RunConfig {
  /** The engine's address, where neither `--engine` nor `BUILDKIT_HOST` says one. */
  readonly engine?: string;
  /** `linux/amd64`; several give one image index. */
  readonly platform?: string | readonly string[];
  readonly logOutput?: 'auto' | 'tty' | 'plain' | 'rawjson' | 'quiet';
  /** Solves that may run side by side. */
  readonly jobs?: number;
  /** Whether a build goes on after a failure, with what does not wait for what failed. */
  readonly keepGoing?: boolean;
  /** Caches that results are taken from, as `--cache-from`. */
  readonly cacheFrom?: string | readonly string[];
  /** Caches in which what was built is kept, as `--cache-to`. */
  readonly cacheTo?: string | readonly string[];
  /** Attestations, as `--attest`. */
  readonly attest?: string | readonly string[];
  /** How outputs were made: on, off or `mode=max`. */
  readonly provenance?: boolean | string;
  /** What is in outputs: on, off or `generator=IMAGE`. */
  readonly sbom?: boolean | string;
  /** Seconds since 1970: no time in outputs is later. */
  readonly sourceDateEpoch?: number;
  /** A policy on sources, in BuildKit's JSON form. */
  readonly sourcePolicy?: string;
  /** What modules from elsewhere are granted. */
  readonly allow?: Entitlement | readonly Entitlement[];
  /** Where digests and names of what was built are written. */
  readonly metadataFile?: string;
}

/** What a command may be given beyond its sandbox. */
export type Entitlement = 'network.host' | 'security.insecure';

/** A project's configuration. */
export interface HlbConfig {
  readonly passes?: readonly PassConfig[];
  /** Names of optional passes of the project that don't run. */
  readonly skipPasses?: string | readonly string[];
  readonly lint?: {
    /** Severities by a rule's name or code. */
    readonly rules?: Readonly<Record<string, 'off' | 'info' | 'warning' | 'error'>>;
  };
  readonly run?: RunConfig;
}

/** Gives a configuration as it is: with its type, so that an editor completes and checks it. */
export function defineConfig(config: HlbConfig): HlbConfig {
  return config;
}
