import { NameBytes } from './name-bytes.js';
import { decodePath, pathLength, writePath } from './path-text.js';

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

/** What is announced of a file beside its path. */
interface FileStat {
  readonly mode: number;
  readonly size: bigint;
  readonly modTime: bigint;
}

/** Entries of a page. */
const PAGE = 1024;

/** Bytes for the names of a page, at first. */
const NAME_BYTES = 16 * PAGE;

/**
 * The entries of a transfer by their ids, as far as they are files whose content may go over. There may be hundreds of thousands, so they
 * are kept in columns, outside of what the collector goes through: about 50 bytes a file. They stand on pages, and a page goes with the
 * last of its files.
 */
export class FileTable {
  readonly #pages: (Page | undefined)[] = [];
  #entries = 0;
  #files = 0;

  /** Files that have not been taken. */
  get files(): number {
    return this.#files;
  }

  /** Numbers an entry that is no file, or has no content of its own. */
  skip(): number {
    const id = this.#entries;
    this.#entries += 1;
    // Nothing is added any more to the page before.
    if (id % PAGE === 0) this.#dropTaken(id / PAGE - 1);
    return id;
  }

  /** Numbers a file. `directory` is '' for the root. */
  add(directory: string, name: string, file: FileStat, inode = 0): number {
    const id = this.skip();
    const number = Math.floor(id / PAGE);
    const page = this.#pages[number] ?? new Page();
    this.#pages[number] = page;
    page.add(id % PAGE, directory, name, file, inode);
    this.#files += 1;
    return id;
  }

  /** The file with this id, once: `undefined` for everything else, and the second time. */
  take(id: number): AnnouncedFile | undefined {
    const number = Math.floor(id / PAGE);
    const file = this.#pages[number]?.take(id);
    if (!file) return undefined;
    this.#files -= 1;
    if (this.#entries > (number + 1) * PAGE) this.#dropTaken(number);
    return file;
  }

  #dropTaken(number: number): void {
    if (this.#pages[number]?.files === 0) this.#pages[number] = undefined;
  }
}

/** The files among {@link PAGE} entries that follow each other. */
class Page {
  /** Those that have not been taken. */
  files = 0;
  /** Directories of files that follow each other, each once. */
  readonly #directories: string[] = [];
  readonly #directory = new Uint16Array(PAGE);
  readonly #names = new NameBytes(NAME_BYTES);
  readonly #starts = new Uint32Array(PAGE);
  /** Of names; 0 where there is no file, or not any more. */
  readonly #lengths = new Uint32Array(PAGE);
  readonly #sizes = new Float64Array(PAGE);
  readonly #times = new BigInt64Array(PAGE);
  readonly #modes = new Uint32Array(PAGE);
  readonly #inodes = new Float64Array(PAGE);

  add(at: number, directory: string, name: string, { mode, size, modTime }: FileStat, inode: number): void {
    if (this.#directories.at(-1) !== directory) this.#directories.push(directory);
    this.#directory[at] = this.#directories.length - 1;
    const length = pathLength(name);
    const start = this.#names.add(length);
    writePath(this.#names.bytes, start, name);
    this.#starts[at] = start;
    this.#lengths[at] = length;
    this.#sizes[at] = Number(size);
    this.#times[at] = modTime;
    this.#modes[at] = mode;
    this.#inodes[at] = inode;
    this.files += 1;
  }

  take(id: number): AnnouncedFile | undefined {
    const at = id % PAGE;
    const length = this.#lengths[at] ?? 0;
    if (length === 0) return undefined;
    const start = this.#starts[at] ?? 0;
    const name = decodePath(this.#names.bytes, start, start + length);
    const directory = this.#directories[this.#directory[at] ?? 0] ?? '';
    this.#lengths[at] = 0;
    this.files -= 1;
    return {
      id,
      path: directory === '' ? name : `${directory}/${name}`,
      mode: this.#modes[at] ?? 0,
      size: this.#sizes[at] ?? 0,
      modTime: this.#times[at] ?? 0n,
      inode: this.#inodes[at] ?? 0,
    };
  }
}
