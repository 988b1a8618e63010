import { GrpcError } from './grpc/grpc-error.js';
import { TransferError } from './transfer-error.js';

/** How far one transfer is: one call of the engine that moves files. A new object for each event. */
export interface TransferEvent {
  /** Numbers the calls of a session from 1. */
  readonly transfer: number;
  readonly direction: 'send' | 'receive';
  /** The name under which the directory was registered, or the destination's path. */
  readonly name: string;
  /** Entries (files, directories, links …) that were listed. */
  readonly entries: number;
  /** Files whose content went over. */
  readonly files: number;
  /** Bytes of content. */
  readonly bytes: number;
  readonly state: 'started' | 'running' | 'done' | 'failed';
  /** Why it failed. */
  readonly error?: TransferError;
  /** What the user should know though nothing failed, a sentence each, such as a file that grew while it was sent. */
  readonly warnings: readonly string[];
}

/** What the engine asks for when it asks for a directory, as it says it. */
export interface DirectoryRequest {
  readonly name: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly follow: readonly string[];
}

/** An entry of a directory as it is announced to the engine. */
export interface AnnouncedEntry {
  /** Relative to the directory, with slashes. */
  readonly path: string;
  /** Go's file mode: type and permissions. */
  readonly mode: number;
  /** Bytes. */
  readonly size: bigint;
  /** Nanoseconds since 1970. */
  readonly modTime: bigint;
  /** Of a symbolic link its target, of a further name of a file the first one. */
  readonly linkname: string;
}

/** Told of each directory that the engine asks for; what it returns is told of each entry, and must be quick. */
export type DirectoryListener = (request: DirectoryRequest) => ((entry: AnnouncedEntry) => void) | undefined;

export type TransferListener = (event: TransferEvent) => void;

/** Least time between two `running` events of a transfer, in ms: views redraw at most ten times a second. */
const INTERVAL = 100;

/** Tells listeners of all transfers of a session. */
export class TransferLog {
  readonly #listeners = new Set<TransferListener>();
  readonly #watchers = new Set<DirectoryListener>();
  #last = 0;

  /** Returns the function that ends it. */
  listen(listener: TransferListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Returns the function that ends it. */
  watch(listener: DirectoryListener): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** What is to be told of the entries of a directory, if anybody wants to know. */
  watchersOf(request: DirectoryRequest): ((entry: AnnouncedEntry) => void) | undefined {
    const watchers = [...this.#watchers].flatMap((watcher) => watcher(request) ?? []);
    if (watchers.length === 0) return undefined;
    return (entry) => {
      for (const watcher of watchers) watcher(entry);
    };
  }

  start(direction: 'send' | 'receive', name: string): TransferProgress {
    this.#last += 1;
    return new TransferProgress(this.#last, direction, name, (event) => {
      for (const listener of this.#listeners) listener(event);
    });
  }
}

/** What a transfer counts. They are plain fields: they are counted up for each file and chunk. */
export interface TransferCounters {
  entries: number;
  files: number;
  bytes: number;
  /** To be called now and then. */
  tick(): void;
}

/** The counters of one transfer, and what is told of it. */
export class TransferProgress implements TransferCounters {
  entries = 0;
  files = 0;
  bytes = 0;
  readonly #transfer: number;
  readonly #direction: 'send' | 'receive';
  readonly #name: string;
  readonly #emit: TransferListener;
  readonly #warnings: string[] = [];
  #next: number;

  constructor(transfer: number, direction: 'send' | 'receive', name: string, emit: TransferListener) {
    this.#transfer = transfer;
    this.#direction = direction;
    this.#name = name;
    this.#emit = emit;
    this.#next = performance.now() + INTERVAL;
    this.#report('started');
  }

  warn(message: string): void {
    this.#warnings.push(message);
  }

  /** To be called now and then; tells the listeners if it is time to. */
  tick(): void {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + INTERVAL;
    this.#report('running');
  }

  done(): void {
    this.#report('done');
  }

  /** Returns the error as the `TransferError` that it is told as. */
  failed(error: unknown): TransferError {
    const told = asTransferError(error, this.#name);
    this.#report('failed', told);
    return told;
  }

  #report(state: TransferEvent['state'], error?: TransferError): void {
    this.#emit({
      transfer: this.#transfer,
      direction: this.#direction,
      name: this.#name,
      entries: this.entries,
      files: this.files,
      bytes: this.bytes,
      state,
      ...(error ? { error } : {}),
      warnings: [...this.#warnings],
    });
  }
}

function asTransferError(error: unknown, name: string): TransferError {
  if (error instanceof TransferError) return error;
  const cancelled = error instanceof GrpcError && error.status === 'CANCELLED';
  const message = error instanceof Error ? error.message : String(error);
  return new TransferError(cancelled ? 'cancelled' : 'protocol', name, `transfer of ${name}: ${message}`, {
    cause: error,
  });
}
