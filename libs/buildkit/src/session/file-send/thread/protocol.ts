import type { ErrorData } from './error-data.js';

/** What the session asks of the thread. A job is one call of the engine, or one piece of work; the session numbers them. */
export type TreeRequest =
  /** Receives a tree into an empty folder. */
  | { readonly kind: 'receive'; readonly job: number; readonly folder: string; readonly destination: string }
  /** What has come of the call, in the first bytes of a buffer that is to be given back: framed messages, cut anywhere. */
  | { readonly kind: 'arrived'; readonly job: number; readonly buffer: ArrayBuffer; readonly bytes: number }
  /** The call has no more messages, or is broken. */
  | { readonly kind: 'end'; readonly job: number; readonly failure: ErrorData | undefined }
  /** Moves all that was received into its place. */
  | {
      readonly kind: 'merge';
      readonly job: number;
      readonly destination: string;
      readonly named: string;
      readonly mirror: boolean;
    }
  /** Removes a directory with all that is in it. */
  | { readonly kind: 'remove'; readonly job: number; readonly path: string };

/** What the thread tells. */
export type TreeAnswer =
  /** A buffer whose bytes are dealt with. */
  | { readonly kind: 'taken'; readonly job: number; readonly buffer: ArrayBuffer }
  /** Framed messages for the engine. */
  | { readonly kind: 'write'; readonly job: number; readonly framed: Uint8Array }
  | ({ readonly kind: 'progress'; readonly job: number } & Counted)
  /** A path that must go if the process ends before it is `gone`. */
  | { readonly kind: 'temporary'; readonly path: string; readonly gone: boolean }
  | { readonly kind: 'done'; readonly job: number }
  | { readonly kind: 'failed'; readonly job: number; readonly error: ErrorData };

/** How far a call is. */
export interface Counted {
  readonly entries: number;
  readonly files: number;
  readonly bytes: number;
}
