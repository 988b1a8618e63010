import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { printable, systemError, TransferError } from './transfer-error.js';

/** Opens without waiting for the other end, should the path be a pipe. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file that the user has named, to read it whole. A named pipe is refused: without a writer, opening it would keep one of the few
 * threads that do all file work for ever, and what it gives can't be read a second time, as engines ask for.
 *
 * @param what the file's part, such as `the SSH key`, for errors
 * @throws TransferError
 */
export async function openForReading(
  path: string,
  what?: string,
): Promise<{ readonly file: FileHandle; readonly stats: Stats }> {
  const action = what === undefined ? 'read' : `read ${what}`;
  let file: FileHandle | undefined;
  try {
    file = await open(path, OPEN_FLAGS);
    const stats = await file.stat();
    if (stats.isFIFO()) {
      throw new TransferError('io', path, `cannot ${action} ${printable(path)}: it is a named pipe, not a file`, {
        help: 'Write what it gives to a file first.',
      });
    }
    return { file, stats };
  } catch (error) {
    await file?.close();
    throw systemError(error, action, path);
  }
}
