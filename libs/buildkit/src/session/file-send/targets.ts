import type { ServerCall } from '../grpc/call.js';
import { GrpcError } from '../grpc/grpc-error.js';
import { TransferError } from '../transfer-error.js';
import type { TransferLog } from '../transfers.js';
import { unreachable } from '../unreachable.js';
import { DirectoryTarget } from './directory-target.js';
import { FileTarget } from './file-target.js';
import { StreamTarget } from './stream-target.js';
import type { OutputTarget, OutputTotals, TargetReceiver } from './target.js';

/** An output that is awaited. It takes no effect before `commit`, which is to be called when the solve has succeeded. */
export interface TargetHandle {
  /**
   * Settles once: with the totals when everything is in place, or with the `TransferError` that ended it. Failing while the engine still
   * sends, it tells why before the solve's own error arrives, which has only the text.
   */
  readonly done: Promise<OutputTotals>;
  /** What the exporter told of its result (`containerimage.digest`, `containerimage.descriptor` …), keys without their prefix. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Checks the destination before there is anything to put there: a full check needs the file system to be touched. */
  prepare(): Promise<void>;
  /** Puts what was received in place: every file whole. Rejects, and discards, if something is missing or can't be written. */
  commit(): Promise<OutputTotals>;
  /** Removes what was received, and ends transfers that run. After `commit` it does nothing. */
  discard(): Promise<void>;
}

const METADATA_PREFIX = 'exporter-md-';

/** How long an engine that was told why a call fails may take to end it, in ms. */
const PATIENCE = 200;

/** Serves `FileSend.DiffCopy`: what local, tar, oci and docker exporters send. */
export class Targets {
  readonly #targets = new Map<number, Target>();
  readonly #log: TransferLog;

  constructor(log: TransferLog) {
    this.#log = log;
  }

  /** @throws Error if a target with this id is still awaited: the engine tells outputs of one session apart by it alone. */
  add(target: OutputTarget): TargetHandle {
    if (this.#targets.has(target.exporterId)) {
      throw new Error(`the session already awaits an output with the id ${target.exporterId}`);
    }
    const added = new Target(makeReceiver(target), () => this.#targets.delete(target.exporterId));
    this.#targets.set(target.exporterId, added);
    return added;
  }

  async diffCopy(call: ServerCall): Promise<void> {
    const id = Number(call.metadata.get('buildkit-attachable-exporter-id') ?? '0');
    const target = this.#targets.get(id);
    if (!target) throw new GrpcError('NOT_FOUND', `exporter ${id} not found`);
    await target.receive(call, this.#log);
  }

  async discardAll(): Promise<void> {
    await Promise.all([...this.#targets.values()].map((target) => target.discard()));
  }
}

class Target implements TargetHandle {
  readonly done: Promise<OutputTotals>;
  readonly metadata = new Map<string, string>();
  readonly #receiver: TargetReceiver;
  readonly #release: () => void;
  readonly #calls = new Map<ServerCall, Promise<void>>();
  #resolve: (totals: OutputTotals) => void = () => undefined;
  #reject: (error: TransferError) => void = () => undefined;
  #files = 0;
  #bytes = 0;
  #failure: TransferError | undefined;
  #over = false;

  constructor(receiver: TargetReceiver, release: () => void) {
    this.#receiver = receiver;
    this.#release = release;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.done.catch(() => undefined); // who doesn't look at it learns of the failure from commit
  }

  async prepare(): Promise<void> {
    try {
      await this.#receiver.prepare();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  async receive(call: ServerCall, log: TransferLog): Promise<void> {
    for (const [key, value] of call.metadata.entries()) {
      if (key.startsWith(METADATA_PREFIX)) this.metadata.set(key.slice(METADATA_PREFIX.length), value);
    }
    const receiving = this.#receive(call, log);
    this.#calls.set(
      call,
      receiving.catch(() => undefined),
    );
    try {
      await receiving;
    } finally {
      this.#calls.delete(call);
    }
  }

  async #receive(call: ServerCall, log: TransferLog): Promise<void> {
    const progress = log.start('receive', this.#receiver.name);
    try {
      if (this.#over) throw this.#discarded();
      await this.#receiver.receive(call, progress);
      this.#files += progress.files;
      this.#bytes += progress.bytes;
      progress.done();
    } catch (error) {
      const failure = this.#fail(progress.failed(error));
      // An engine that finds its call over before it has read why would say nothing but that: it ends the call itself when it has.
      if (this.#receiver.tellsFailure) await call.cancelled(PATIENCE);
      throw failure;
    }
  }

  async commit(): Promise<OutputTotals> {
    await Promise.all(this.#calls.values());
    try {
      if (this.#failure) throw this.#failure;
      if (this.#over) throw this.#discarded();
      await this.#receiver.commit();
    } catch (error) {
      const failure = this.#fail(error);
      await this.discard();
      throw failure;
    }
    this.#over = true;
    this.#release();
    const totals = { files: this.#files, bytes: this.#bytes };
    this.#resolve(totals);
    return totals;
  }

  async discard(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#release();
    this.#reject(this.#failure ?? this.#discarded());
    for (const call of this.#calls.keys()) call.cancel(new GrpcError('CANCELLED', 'the output was given up'));
    await Promise.all(this.#calls.values());
    await this.#receiver.discard();
  }

  #fail(error: unknown): TransferError {
    const failure =
      error instanceof TransferError
        ? error
        : new TransferError('io', this.#receiver.name, error instanceof Error ? error.message : String(error), {
            cause: error,
          });
    this.#failure ??= failure;
    this.#reject(this.#failure);
    return failure;
  }

  #discarded(): TransferError {
    return new TransferError('discarded', this.#receiver.name, `the output to ${this.#receiver.name} was given up`);
  }
}

function makeReceiver(target: OutputTarget): TargetReceiver {
  switch (target.kind) {
    case 'directory':
      return new DirectoryTarget(target.path, target.mirror ?? false);
    case 'file':
      return new FileTarget(target.path);
    case 'stream':
      return new StreamTarget(target.sink, target.name);
    default:
      return unreachable(target, 'target');
  }
}
