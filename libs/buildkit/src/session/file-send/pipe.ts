import { constants, open } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errnoOf, systemError } from '../transfer-error.js';

/** How long to wait before looking again for the other end of a pipe, in ms: no call of the system tells of it without blocking. */
const LOOK_AGAIN = 50;

const openFile: (path: string, flags: number) => Promise<number> = promisify(open);

/**
 * Opens a pipe for writing, and waits for its reader as a shell does, but never in the system's own call: a thread that waits there
 * could not be called back, and would keep the process from ending. What is written to the stream waits in the same way.
 *
 * @throws TransferError, or the signal's reason
 */
export async function openPipe(path: string, signal: AbortSignal): Promise<Socket> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const fd = await openFile(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      // Nobody reads yet.
      if (errnoOf(error) !== 'ENXIO') throw systemError(error, 'write', path);
    }
    await pause(LOOK_AGAIN, undefined, { signal });
  }
}
