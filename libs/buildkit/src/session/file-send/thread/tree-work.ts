import type { MessagePort } from 'node:worker_threads';
import { Pace } from '../../fsutil/pace.js';
import { removeTree } from '../../fsutil/remove-tree.js';
import type { ServerCall } from '../../grpc/call.js';
import { TransferError } from '../../transfer-error.js';
import type { TransferProgress } from '../../transfers.js';
import { unreachable } from '../../unreachable.js';
import { forget, remember } from '../staging.js';
import { decodeError, encodeError } from './error-data.js';
import { MessageFeed } from './message-feed.js';
import type { TreeAnswer, TreeRequest } from './protocol.js';
import { leaveThread, useThread } from './tree-thread.js';

/** Something that the thread does, until it is done or has failed. */
interface Job {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  /** Of one that receives. */
  readonly receiving?: {
    readonly call: ServerCall;
    readonly feed: MessageFeed;
    readonly progress: TransferProgress;
  };
}

/** `T` without the number of the job. */
type Order<T = TreeRequest> = T extends unknown ? Omit<T, 'job'> : never;

/**
 * Has a directory received and put in place by a thread: calls of the file system wait for the disk, and the session's event loop must
 * not. Errors are those of the work itself.
 */
export class TreeWork {
  readonly #name: string;
  readonly #port: MessagePort;
  readonly #jobs = new Map<number, Job>();
  readonly #user = {
    hear: (answer: TreeAnswer): void => this.#hear(answer),
    ended: (error: Error): void => this.#ended(error),
  };
  #last = 0;
  #failure: TransferError | undefined;

  /** Starts the thread, if need be. @param name what errors call the output */
  constructor(name: string) {
    this.#name = name;
    this.#port = useThread(this.#user);
  }

  /**
   * Receives a tree into an empty folder, as `receiveTree`.
   *
   * @param destination the name that errors tell
   */
  receive(call: ServerCall, folder: string, destination: string, progress: TransferProgress): Promise<void> {
    const job = this.#last + 1;
    const feed = new MessageFeed(call, (buffer, bytes) =>
      this.#post({ kind: 'arrived', job, buffer, bytes }, [buffer]),
    );
    const done = this.#start({ kind: 'receive', folder, destination }, { call, feed, progress });
    // It goes on until the call is over, which may be later.
    feed.run().then(
      () => this.#post({ kind: 'end', job, failure: undefined }),
      (error: unknown) => this.#post({ kind: 'end', job, failure: encodeError(error) }),
    );
    return done;
  }

  /** Moves all that was received to where it belongs, as `mergeTree`. */
  merge(destination: string, named: string, mirror: boolean): Promise<void> {
    return this.#start({ kind: 'merge', destination, named, mirror });
  }

  /** Removes a directory with all that is in it. */
  async remove(path: string): Promise<void> {
    try {
      await this.#start({ kind: 'remove', path });
    } catch (error) {
      if (!this.#failure) throw error;
      await removeTree(path, new Pace());
    }
  }

  /** Resolves when the thread is gone, if nobody else needs it. To be called when no work goes on. */
  close(): Promise<void> {
    return leaveThread(this.#user, this.#port);
  }

  #start(order: Order, receiving?: Job['receiving']): Promise<void> {
    this.#last += 1;
    const job = this.#last;
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      this.#jobs.set(job, { resolve, reject, ...(receiving && { receiving }) });
      this.#port.ref();
      this.#post({ ...order, job }, []);
    });
  }

  #post(request: TreeRequest, moved: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(request, moved);
  }

  #hear(answer: TreeAnswer): void {
    if (answer.kind === 'temporary') {
      if (answer.gone) forget(answer.path);
      else remember(answer.path);
      return;
    }
    const job = this.#jobs.get(answer.job);
    if (!job) return;
    const { receiving } = job;
    switch (answer.kind) {
      case 'taken':
        receiving?.feed.back(answer.buffer);
        return;
      case 'write':
        receiving?.call.write(Buffer.from(answer.framed.buffer));
        return;
      case 'progress':
        if (!receiving) return;
        receiving.progress.entries = answer.entries;
        receiving.progress.files = answer.files;
        receiving.progress.bytes = answer.bytes;
        receiving.progress.tick();
        return;
      case 'done':
        this.#finished(answer.job);
        job.resolve();
        return;
      case 'failed':
        this.#finished(answer.job);
        job.reject(decodeError(answer.error));
        return;
      default:
        unreachable(answer, 'answer');
    }
  }

  #finished(job: number): void {
    this.#jobs.delete(job);
    if (this.#jobs.size === 0) this.#port.unref();
  }

  #ended(error: Error): void {
    const message = `the thread that receives ${this.#name} has ended: ${error.message}`;
    this.#failure = new TransferError('io', this.#name, message, { cause: error });
    for (const [number, { reject }] of this.#jobs) {
      this.#finished(number);
      reject(this.#failure);
    }
  }
}
