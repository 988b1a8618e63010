/** A regular file of a transfer, as it was announced. */
export interface AnnouncedFile {
  /** The index of its STAT packet. */
  readonly id: number;
  /** Within the tree. */
  readonly path: string;
  /** Go's mode bits. */
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly modTime: bigint;
  /** Of a file of this host, its number in its file system. */
  readonly inode?: number;
}

/**
 * The entries of a transfer by their ids, as far as they are files whose content may go over. There may be hundreds of thousands, so they
 * are kept in columns, with the paths of directories shared: about 100 bytes a file.
 */
export class FileTable {
  readonly #names: (string | undefined)[] = [];
  readonly #directories: (string | undefined)[] = [];
  #sizes = new Float64Array(1024);
  #times = new BigInt64Array(1024);
  #modes = new Uint32Array(1024);
  #inodes = new Float64Array(1024);
  #files = 0;

  /** Files that have not been taken. */
  get files(): number {
    return this.#files;
  }

  /** Numbers an entry that is no file, or has no content of its own. */
  skip(): number {
    this.#directories.push(undefined);
    return this.#names.push(undefined) - 1;
  }

  /** Numbers a file. `directory` is '' for the root. */
  add(
    directory: string,
    name: string,
    file: { readonly mode: number; readonly size: bigint; readonly modTime: bigint },
    inode = 0,
  ): number {
    this.#directories.push(directory);
    const id = this.#names.push(name) - 1;
    if (id >= this.#sizes.length) this.#grow(id * 2);
    this.#sizes[id] = Number(file.size);
    this.#times[id] = file.modTime;
    this.#modes[id] = file.mode;
    this.#inodes[id] = inode;
    this.#files += 1;
    return id;
  }

  /** The file with this id, once: `undefined` for everything else, and the second time. */
  take(id: number): AnnouncedFile | undefined {
    const name = this.#names[id];
    if (name === undefined) return undefined;
    const directory = this.#directories[id] ?? '';
    this.#names[id] = undefined;
    this.#directories[id] = undefined;
    this.#files -= 1;
    return {
      id,
      path: directory === '' ? name : `${directory}/${name}`,
      mode: this.#modes[id] ?? 0,
      size: this.#sizes[id] ?? 0,
      modTime: this.#times[id] ?? 0n,
      inode: this.#inodes[id] ?? 0,
    };
  }

  #grow(length: number): void {
    const sizes = new Float64Array(length);
    const times = new BigInt64Array(length);
    const modes = new Uint32Array(length);
    const inodes = new Float64Array(length);
    sizes.set(this.#sizes);
    times.set(this.#times);
    modes.set(this.#modes);
    inodes.set(this.#inodes);
    this.#sizes = sizes;
    this.#times = times;
    this.#modes = modes;
    this.#inodes = inodes;
  }
}
