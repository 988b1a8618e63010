import { TransferError } from '../../transfer-error.js';

/** What the lists of one output may take in memory, in bytes as they are estimated: about three million entries. */
const LIST_BYTES = 512 * 1024 * 1024;

/** What an entry takes beside its encoded form. */
const ENTRY_BYTES = 120;

/** Bounds what an engine can make a receiver remember: a list without end must not fill the memory. Shared by the streams of one output. */
export class ListBudget {
  #left: number;

  constructor(bytes: number = LIST_BYTES) {
    this.#left = bytes;
  }

  /**
   * Accounts for one more entry.
   *
   * @param encoded bytes of its stat on the wire
   * @throws TransferError
   */
  take(encoded: number, destination: string): void {
    this.#left -= encoded + ENTRY_BYTES;
    if (this.#left < 0)
      throw new TransferError('protocol', destination, 'the engine sent a list of entries without end');
  }
}
