/** A command that is timed as a whole process. */
export interface Contestant {
  /** As the report names it: `hlb run`, `docker buildx build`. */
  readonly label: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** It counts until this is in what it writes; absent: until it ends. It then goes on to its end all the same. */
  readonly until?: RegExp;
  /** What must be done before each run and is not timed; rounds count from 0. It may give other arguments. */
  readonly before?: (
    round: number,
  ) => Promise<{ readonly args?: readonly string[]; readonly cwd?: string } | undefined>;
}

/** One comparison: the same work by this project and by a peer. */
export interface Contest {
  /** `context-small-files/first`. */
  readonly name: string;
  /** A sentence that says what is done. */
  readonly what: string;
  readonly ours: Contestant;
  /** The peer, or why there is none to compare with. */
  readonly peer: Contestant | { readonly missing: string };
  /** Runs of each that count; one more comes before and doesn't. */
  readonly rounds: number;
}

/** A figure that is to stay within a limit, whatever a peer needs. */
export interface Limit {
  /** `files-600000/memory`. */
  readonly name: string;
  /** A sentence that says what is measured. */
  readonly what: string;
  readonly unit: 'MB' | 'ms';
  /** In that unit. */
  readonly most: number;
  measure(): Promise<LimitFigure>;
}

/** What was measured for a limit. */
export interface LimitFigure {
  /** In the limit's unit. */
  readonly figure: number;
  /** The limit that holds after what the machine itself was measured to need; absent: that of the limit. */
  readonly most?: number;
  /** What is to be known beside it: other figures of the same run. */
  readonly beside?: string;
}

/** A file of `scenarios/`: prepares its contests and limits, which run one after another, and cleans up. */
export interface Scenario {
  readonly name: string;
  readonly what: string;
  prepare(bench: BenchPlace): Promise<{
    readonly contests: readonly Contest[];
    readonly limits?: readonly Limit[];
    dispose(): Promise<void>;
  }>;
}

/** Where and with what a scenario works. */
export interface BenchPlace {
  /** An empty folder of its own, deleted afterwards. */
  readonly folder: string;
  /** The command line that starts the built CLI. */
  readonly hlb: readonly string[];
  /** The engine that both sides use; started when it is first asked for. */
  engine(): Promise<{ readonly address: string; readonly registry: string }>;
  /** docker with buildx on that engine: its environment, or why it is missing. */
  buildx(): Promise<{ readonly docker: string; readonly env: NodeJS.ProcessEnv } | { readonly missing: string }>;
}
