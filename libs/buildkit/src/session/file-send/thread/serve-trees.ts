import type { MessagePort } from 'node:worker_threads';
import { Pace } from '../../fsutil/pace.js';
import { ListBudget } from '../../fsutil/receive/list-budget.js';
import type { ReceivedDirectory } from '../../fsutil/receive/received-directory.js';
import { receiveTree } from '../../fsutil/receive/receiver.js';
import { removeTree } from '../../fsutil/remove-tree.js';
import { systemError } from '../../transfer-error.js';
import { unreachable } from '../../unreachable.js';
import { mergeTree } from '../merge.js';
import { decodeError, encodeError } from './error-data.js';
import { PortCall, PortCounters, post } from './port-call.js';
import type { TreeRequest } from './protocol.js';

/**
 * Serves one directory that is an output, from its first stream to its last file in place.
 *
 * @param awake called before anything is done for a message
 */
export function serveTrees(port: MessagePort, awake: () => void): void {
  const server = new TreeServer(port);
  port.on('message', (request: TreeRequest) => {
    awake();
    server.take(request);
  });
}

class TreeServer {
  readonly #port: MessagePort;
  readonly #calls = new Map<number, PortCall>();
  readonly #received: { readonly folder: string; readonly directories: readonly ReceivedDirectory[] }[] = [];
  readonly #budget = new ListBudget();

  constructor(port: MessagePort) {
    this.#port = port;
  }

  take(request: TreeRequest): void {
    switch (request.kind) {
      case 'receive':
        this.#do(request.job, () => this.#receive(request.job, request.folder, request.destination));
        return;
      case 'arrived':
        this.#calls.get(request.job)?.arrived(request.buffer, request.bytes);
        return;
      case 'end':
        this.#calls.get(request.job)?.end(request.failure && decodeError(request.failure));
        return;
      case 'merge': {
        const { destination, named, mirror } = request;
        const temporary = (path: string, gone: boolean): void => post(this.#port, { kind: 'temporary', path, gone });
        this.#do(request.job, () => mergeTree({ trees: this.#received, destination, named, mirror, temporary }));
        return;
      }
      case 'remove':
        this.#do(request.job, () => remove(request.path));
        return;
      default:
        unreachable(request, 'request');
    }
  }

  async #receive(job: number, folder: string, destination: string): Promise<void> {
    const call = new PortCall(this.#port, job);
    const counters = new PortCounters(this.#port, job);
    this.#calls.set(job, call);
    try {
      const directories = await receiveTree(call, folder, destination, counters, this.#budget);
      this.#received.push({ folder, directories });
    } finally {
      call.close();
      this.#calls.delete(job);
      counters.tell();
    }
  }

  /** Does a piece of work, and tells how it ended. */
  #do(job: number, work: () => Promise<void>): void {
    work().then(
      () => post(this.#port, { kind: 'done', job }),
      (error: unknown) => post(this.#port, { kind: 'failed', job, error: encodeError(error) }),
    );
  }
}

async function remove(path: string): Promise<void> {
  try {
    await removeTree(path, new Pace());
  } catch (error) {
    throw systemError(error, 'remove', path);
  }
}
