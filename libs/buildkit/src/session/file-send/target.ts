import type { Writable } from 'node:stream';
import type { ServerCall } from '../grpc/call.js';
import type { TransferProgress } from '../transfers.js';

/** Where an output of a solve goes. `exporterId` is its place in the solve's exporters. */
export type OutputTarget =
  | {
      readonly exporterId: number;
      readonly kind: 'directory';
      readonly path: string;
      /** Remove what is in the directory and not in the output, as the local exporter's `mode=delete` asks. */
      readonly mirror?: boolean;
    }
  | {
      readonly exporterId: number;
      readonly kind: 'file';
      readonly path: string;
    }
  | {
      readonly exporterId: number;
      readonly kind: 'stream';
      /** Ended when the output is committed, destroyed when it is discarded. */
      readonly sink: Writable;
      /** What events and errors call it: `stream` unless given. */
      readonly name?: string;
    };

/** What an output amounted to. */
export interface OutputTotals {
  readonly files: number;
  /** Bytes of content. */
  readonly bytes: number;
}

/** Takes the streams of one output. */
export interface TargetReceiver {
  /** What events call it. */
  readonly name: string;
  /** Whether the engine is told within a call that it fails. */
  readonly tellsFailure: boolean;
  /** Checks the destination and makes what is needed to receive. May be called several times. */
  prepare(): Promise<void>;
  /** Serves one call of the engine. There may be several, at the same time too. */
  receive(call: ServerCall, progress: TransferProgress): Promise<void>;
  /** Puts everything in place. */
  commit(): Promise<void>;
  /** Removes everything that isn't in place. */
  discard(): Promise<void>;
}
