import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { TreeAnswer } from './protocol.js';
import { WorkGate } from './work-gate.js';
import { workerFile } from './worker-file.js';

/** Who has work done by the thread. */
export interface ThreadUser {
  hear(answer: TreeAnswer): void;
  /** The thread has ended by itself. */
  ended(error: Error): void;
}

let running: TreeThread | undefined;

/**
 * Gives a port to the thread that does the work with trees, of which there is one in a process. It is started for the first user. Where its
 * module is missing, the same work is done in this thread, in slices.
 */
export function useThread(user: ThreadUser): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', (answer: TreeAnswer) => user.hear(answer));
  // Work that goes on keeps the process, not the port.
  port1.unref();
  const file = workerFile();
  if (file) {
    running ??= new TreeThread(file);
    running.join(user, port1, port2);
  } else {
    import('./serve-trees.js').then(
      ({ serveTrees }) => serveTrees(port2, () => undefined),
      (error: unknown) => user.ended(error instanceof Error ? error : new Error(String(error))),
    );
  }
  return port1;
}

/** Ends the use of a port. Resolves, after the last user of the thread, when that is gone. */
export async function leaveThread(user: ThreadUser, port: MessagePort): Promise<void> {
  port.close();
  await running?.leave(user);
}

class TreeThread {
  readonly #worker: Worker;
  readonly #gate = new WorkGate();
  readonly #users = new Map<ThreadUser, MessagePort>();
  readonly #onExit = (): void => this.#stop();

  constructor(file: URL) {
    this.#worker = new Worker(file, { workerData: this.#gate.shared, execArgv: [] });
    this.#worker.unref();
    this.#worker.on('error', (error) => this.#ended(error));
    this.#worker.on('exit', () => this.#ended(new Error('it was ended')));
    // Before what is unfinished is removed, by those who have listened already.
    process.prependListener('exit', this.#onExit);
  }

  join(user: ThreadUser, ours: MessagePort, theirs: MessagePort): void {
    this.#users.set(user, ours);
    this.#worker.postMessage(theirs, [theirs]);
  }

  async leave(user: ThreadUser): Promise<void> {
    if (!this.#users.delete(user) || this.#users.size > 0) return;
    this.#forget();
    await this.#worker.terminate();
  }

  #ended(error: Error): void {
    this.#forget();
    const users = [...this.#users.keys()];
    this.#users.clear();
    for (const user of users) user.ended(error);
  }

  #forget(): void {
    if (running === this) running = undefined;
    process.off('exit', this.#onExit);
  }

  /** Also hears what was told last: of temporary files. */
  #stop(): void {
    this.#gate.stop();
    for (const [user, port] of this.#users) {
      for (let told = receiveMessageOnPort(port); told; told = receiveMessageOnPort(port)) user.hear(told.message);
    }
  }
}
