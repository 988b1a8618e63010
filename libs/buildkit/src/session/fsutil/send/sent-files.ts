import type { TreeEntry } from './walk.js';

/** A file that the engine may ask for. */
export interface SentFile {
  readonly id: number;
  /** Within the tree. */
  readonly path: string;
  /** As announced, in bytes. */
  readonly size: number;
  /** As announced, in nanoseconds since 1970. */
  readonly modTime: bigint;
  /** A socket: its content is empty, and it can't be opened. */
  readonly socket: boolean;
}

/**
 * The entries of a transfer by their ids. There may be hundreds of thousands, so only what opening a file takes is kept, in columns:
 * the name (which the directory's listing has made already), its directory's path (shared), size and time.
 */
export class SentFiles {
  readonly #names: (string | undefined)[] = [];
  readonly #directories: string[] = [];
  readonly #sizes: number[] = [];
  #times = new BigInt64Array(1024);
  #count = 0;

  /** Numbers the next entry. */
  add(entry: TreeEntry): void {
    const requestable = (entry.kind === 'file' || entry.kind === 'socket') && entry.stat.linkname === '';
    const id = this.#count++;
    this.#names.push(requestable ? entry.name : undefined);
    this.#directories.push(entry.directory);
    this.#sizes.push(entry.kind === 'socket' ? -1 : Number(entry.stat.size));
    if (id >= this.#times.length) {
      const grown = new BigInt64Array(this.#times.length * 2);
      grown.set(this.#times);
      this.#times = grown;
    }
    this.#times[id] = entry.stat.modTime;
  }

  /** The file with this id, once: `undefined` for what can't be asked for, or was already. */
  take(id: number): SentFile | undefined {
    const name = this.#names[id];
    if (name === undefined) return undefined;
    this.#names[id] = undefined;
    const directory = this.#directories[id] ?? '';
    const size = this.#sizes[id] ?? 0;
    return {
      id,
      path: directory === '' ? name : `${directory}/${name}`,
      size: Math.max(size, 0),
      modTime: this.#times[id] ?? 0n,
      socket: size < 0,
    };
  }
}
