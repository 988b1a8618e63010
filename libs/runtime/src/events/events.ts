import type { Span } from '@hlb/diagnostics';
import type { StepId } from '@hlb/plan';

/**
 * What happens while a plan runs, in order. Times are of the engine for vertices, statuses and logs, and of this host
 * otherwise, in milliseconds since 1970 with fractions. The union may grow: consumers ignore kinds that they don't know.
 */
export type SolveEvent =
  | BuildOpened
  | StepStarted
  | StepCompleted
  | StepRetried
  | StepSkipped
  | VertexChanged
  | VertexProgress
  | VertexLogged
  | VertexWarned
  | TransferProgress
  | OutputWritten
  | TargetText;

/** The version of this union, raised when a field or kind changes its meaning. */
export const EVENTS_VERSION = 1;

/** The session is open; comes first. */
export interface BuildOpened {
  readonly kind: 'build-opened';
  readonly time: number;
  readonly sessionId: string;
  readonly engine: string;
}

export interface StepStarted {
  readonly kind: 'step-started';
  readonly time: number;
  readonly step: StepId;
  readonly name: string;
  readonly stepKind: 'frontend' | 'solve' | 'output' | 'fact' | 'cache-export';
  /** The build's id on the engine; absent of a `fact`, which asks this host or a registry. */
  readonly ref?: string;
}

export interface StepCompleted {
  readonly kind: 'step-completed';
  readonly time: number;
  readonly step: StepId;
  /** Absent on success. The stream's error, which comes when everything has ended, tells more of it. */
  readonly error?: string;
}

/**
 * A step is done once more, since a registry or a network failed in a way that often passes. Only what fetches is repeated: never a
 * command that was running, and nothing that may have been delivered.
 */
export interface StepRetried {
  readonly kind: 'step-retried';
  readonly time: number;
  readonly step: StepId;
  readonly name: string;
  /** From 1; at most `of` follow. */
  readonly retry: number;
  readonly of: number;
  /** How long it pauses before (ms). */
  readonly pause: number;
  /** What failed. */
  readonly error: string;
}

/** A step is left out because one that it waits for failed, while the others went on. */
export interface StepSkipped {
  readonly kind: 'step-skipped';
  readonly time: number;
  readonly step: StepId;
  readonly name: string;
}

/** A vertex is sent again on each change; the last one counts. */
export interface VertexChanged {
  readonly kind: 'vertex';
  readonly step: StepId;
  readonly digest: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly cached: boolean;
  readonly started?: number;
  readonly completed?: number;
  readonly error?: string;
  readonly progressGroup?: { readonly id: string; readonly name: string; readonly weak: boolean };
}

/** A counter of a vertex: bytes of a layer, of a transfer, … */
export interface VertexProgress {
  readonly kind: 'progress';
  readonly step: StepId;
  readonly vertex: string;
  readonly id: string;
  readonly name: string;
  /** Bytes; `total` 0 where unknown. */
  readonly current: bigint;
  readonly total: bigint;
  /** When the engine counted. */
  readonly time?: number;
  readonly started?: number;
  readonly completed?: number;
}

/** What a command wrote: raw bytes, not lines. */
export interface VertexLogged {
  readonly kind: 'log';
  readonly step: StepId;
  readonly vertex: string;
  readonly time: number;
  readonly stream: 'stdout' | 'stderr';
  readonly data: Uint8Array;
}

/** What the engine or a frontend found odd, though nothing failed: a linter's finding in a Dockerfile, say. */
export interface VertexWarned {
  readonly kind: 'warning';
  readonly step: StepId;
  readonly vertex: string;
  /** 1 unless the engine says otherwise. */
  readonly level: number;
  readonly message: string;
  readonly details: readonly string[];
  /** A page that explains it. */
  readonly url?: string;
  /** Where it is, in a file that the frontend read. */
  readonly source?: WarnedSource;
}

/** A place in a file of a frontend: lines count from 1, characters as the frontend counted them, usually from 0. */
export interface WarnedSource {
  readonly file: string;
  /** The whole file. */
  readonly data: Uint8Array;
  readonly ranges: readonly {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  }[];
}

/** What this host sends or receives for a directory or a file. */
export interface TransferProgress {
  readonly kind: 'transfer';
  readonly time: number;
  /** One number per call of the engine. */
  readonly transfer: number;
  readonly direction: 'send' | 'receive';
  /** The name of the synced directory, or the destination's path. */
  readonly name: string;
  readonly sessionId: string;
  /** Entries listed, files whose content went over, bytes of content. */
  readonly entries: number;
  readonly files: number;
  readonly bytes: number;
  readonly state: 'started' | 'running' | 'done' | 'failed';
  /** What should be known though nothing failed, a sentence each: a file that grew while it was sent. */
  readonly warnings: readonly string[];
}

/** An output stands whole at its place. */
export interface OutputWritten {
  readonly kind: 'output';
  readonly time: number;
  readonly step: StepId;
  readonly output: 'directory' | 'tar' | 'oci-tar' | 'docker-tar' | 'push' | 'load';
  /** A path of this host, or an image's name. */
  readonly destination: string;
  readonly digest?: string;
  /** The solve's id on the engine. */
  readonly ref: string;
  /** What the exporter answered: `containerimage.digest`, `containerimage.config.digest`, `containerimage.descriptor`, … */
  readonly answer: ReadonlyMap<string, string>;
}

/** A target that yields a text. */
export interface TargetText {
  readonly kind: 'text';
  readonly target: string;
  readonly text: string;
}

/** Why a build failed, as its stream's error. */
export class SolveError extends Error {
  override readonly name = 'SolveError';
  readonly details: SolveErrorDetails;
  constructor(message: string, details: SolveErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.details = details;
  }
}

export interface SolveErrorDetails {
  readonly reason:
    | 'command-failed'
    | 'solve-failed'
    | 'connection-lost'
    | 'output-failed'
    | 'source-unreadable'
    | 'cancelled'
    | 'unsupported';
  readonly step?: StepId;
  /** The failed vertex' digest, where there is one. */
  readonly vertex?: string;
  /** Of a command. */
  readonly exitCode?: number;
  /** Of a vertex of several changes of files the one that failed, where the engine says so. */
  readonly fileAction?: number;
  /**
   * Where in the program, innermost first: from the engine's source details, else from the step. Of a vertex of several changes of files
   * each has a place, before the calls around them.
   */
  readonly places: readonly ProgramPlace[];
  readonly calls: readonly Span[];
  /** What can be done about it, a sentence. */
  readonly help?: string;
  /** Where the build went on after this failure: the further ones, in the order in which they came. */
  readonly others?: readonly SolveError[];
}

/** A range of a source file as LLB carries it: lines and columns from 1. */
export interface ProgramPlace {
  readonly file: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}
