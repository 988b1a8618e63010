/** The form of what is kept; another one is not read. */
export const RECORD_VERSION = 2;

/** What became of a step in a build. `none`: the engine never needed it, or never came to it. */
export type StepState = 'cached' | 'ran' | 'failed' | 'cancelled' | 'none';

/** The ops of a target's builds, and where in the program they come from. Kept once for all builds that have the same. */
export interface GraphRecord {
  readonly version: typeof RECORD_VERSION;
  /** Each after its inputs. */
  readonly steps: readonly StepRecord[];
}

/** An op, told so that builds can be compared, and without what may be secret. */
export interface StepRecord {
  /** Of the op and all below it, without session ids and what changes in every build. */
  readonly digest: string;
  /** Of the op alone. */
  readonly own: string;
  readonly kind: 'source' | 'exec' | 'file' | 'merge' | 'diff' | 'build' | 'passthrough';
  readonly name: string;
  /** `build.hlb:3:2`; absent for what frontends made. */
  readonly place?: string;
  /** Places in `steps`. */
  readonly inputs: readonly number[];
  /**
   * What the op says: `command`, `env NAME`, `copy` … with its text as it may be shown, and a hash of the whole text, which tells
   * whether it is the same.
   */
  readonly facts: readonly (readonly [name: string, text: string, hash: string])[];
  readonly ignoreCache?: boolean;
}

/** One build of a target. */
export interface RunRecord {
  readonly version: typeof RECORD_VERSION;
  /** When it ended, in ms since 1970. */
  readonly time: number;
  readonly outcome: 'done' | 'failed' | 'cancelled';
  readonly engine: string;
  /** The name of its graph in the store. */
  readonly graph: string;
  /** Of each step of the graph. */
  readonly states: readonly StepState[];
  /** By a step that reads a local directory, the name of the list of files that were sent for it. */
  readonly files: Readonly<Record<string, string>>;
}

/** A build with all that is kept of it. */
export interface RememberedBuild {
  readonly run: RunRecord;
  readonly steps: readonly StepRecord[];
  /** The lists of files by their names; of those that are still kept. */
  readonly lists: ReadonlyMap<string, string>;
}
