/** Entries that a list tells one by one. */
const MOST_ENTRIES = 20_000;

/** Folders in which what is beyond that is counted. */
const MOST_FOLDERS = 1_000;

/** An entry of a directory that was sent. */
export interface ListedEntry {
  readonly path: string;
  /** As the transfer announces it: permissions and type together. */
  readonly mode: number;
  /** Bytes. */
  readonly size: bigint;
  /** Nanoseconds since 1970. */
  readonly modTime: bigint;
  readonly linkname: string;
}

/** Go's bit for a directory in a mode. */
const DIRECTORY = 0x80000000;

/** What is listed of an entry: all that tells whether it is the same. */
type State = string;

/** Collects what a walk announces, in its order, with bounded memory: of large trees the rest by top folder only. */
export class FileList {
  /** They are written down when the walk is over, which is not to be slowed. */
  readonly #entries: ListedEntry[] = [];
  readonly #rest = new Map<string, { count: number; readonly hash: Mixer }>();

  /** Takes in the next entry, which is kept as it is. */
  add(entry: ListedEntry): void {
    if (this.#entries.length < MOST_ENTRIES) {
      this.#entries.push(entry);
      return;
    }
    const { path } = entry;
    const slash = path.indexOf('/');
    const top = slash === -1 ? '' : path.slice(0, slash);
    const folder = this.#rest.has(top) || this.#rest.size < MOST_FOLDERS ? top : '';
    const counted = this.#rest.get(folder) ?? { count: 0, hash: new Mixer() };
    counted.count += 1;
    counted.hash.entry(entry);
    this.#rest.set(folder, counted);
  }

  /** A name for the list: the same for the same entries. It is made much faster than the list's text. */
  get name(): string {
    const mixer = new Mixer();
    for (const entry of this.#entries) mixer.entry(entry);
    for (const [folder, { count, hash }] of this.#rest) mixer.text(`${folder} ${count} ${hash}`);
    return `${this.#entries.length.toString(16)}-${mixer}`;
  }

  /** The list as it is kept: an entry a line; after an empty line folders with what was not listed. */
  toString(): string {
    const lines = this.#entries.map((entry) => `${escaped(entry.path)}\t${stateOf(entry)}`);
    const rest = [...this.#rest].map(([folder, { count, hash }]) => `${escaped(folder)}\t${count} ${hash}`);
    return [...lines, ...(rest.length === 0 ? [] : ['', ...rest])].join('\n');
  }
}

/** What tells whether an entry is the same; times and sizes of directories tell nothing that their entries don't. */
function stateOf({ mode, size, modTime, linkname }: ListedEntry): State {
  if ((mode & DIRECTORY) !== 0) return String(mode);
  return `${mode} ${size} ${modTime}${linkname === '' ? '' : ` ${JSON.stringify(linkname)}`}`;
}

/** What differs between two lists. */
export interface FileChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Top folders, `''` for the root, in which something differs among what is too much to be listed. */
  readonly unlisted: readonly string[];
}

/** Compares two lists in their kept form. */
export function compareFileLists(before: string, after: string): FileChanges {
  const one = parsed(before);
  const other = parsed(after);
  const added: string[] = [];
  const changed: string[] = [];
  const removed: string[] = [];
  for (const [path, state] of other.entries) {
    const was = one.entries.get(path);
    if (was === undefined) {
      if (one.covers(path)) added.push(path);
    } else if (was !== state) changed.push(path);
  }
  for (const path of one.entries.keys()) if (!other.entries.has(path) && other.covers(path)) removed.push(path);
  const folders = new Set([...one.rest.keys(), ...other.rest.keys()]);
  const unlisted = [...folders].filter((folder) => one.rest.get(folder) !== other.rest.get(folder));
  return { added, changed, removed, unlisted };
}

interface Parsed {
  readonly entries: ReadonlyMap<string, State>;
  readonly rest: ReadonlyMap<string, string>;
  /** Whether the path would be listed if it were there. */
  readonly covers: (path: string) => boolean;
}

function parsed(text: string): Parsed {
  const [listed = '', unlisted = ''] = text.split('\n\n');
  const entries = new Map(pairs(listed));
  const rest = new Map(pairs(unlisted));
  const last = [...entries.keys()].at(-1);
  return {
    entries,
    rest,
    covers: (path) => rest.size === 0 || (last !== undefined && inWalkOrder(path, last) <= 0),
  };
}

function pairs(text: string): (readonly [string, string])[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      return [unescaped(line.slice(0, tab)), line.slice(tab + 1)] as const;
    });
}

/** The order of a walk: by names, component by component. */
function inWalkOrder(a: string, b: string): number {
  const one = a.split('/');
  const other = b.split('/');
  for (const [place, name] of one.entries()) {
    const beside = other[place];
    if (beside === undefined) return 1;
    if (name !== beside) return Buffer.compare(Buffer.from(name), Buffer.from(beside));
  }
  return one.length - other.length;
}

function escaped(path: string): string {
  return /[\n\t\\]/.test(path)
    ? path.replace(/[\n\t\\]/g, (one) => (one === '\n' ? '\\n' : one === '\t' ? '\\t' : '\\\\'))
    : path;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_all, one: string) => (one === 'n' ? '\n' : one === 't' ? '\t' : one));
}

/** Two FNV-1a hashes of 32 bits side by side: fast, and enough to see that something differs. */
class Mixer {
  #one = 0x811c9dc5;
  #other = 0x1b873593;

  entry({ path, mode, size, modTime, linkname }: ListedEntry): void {
    this.text(path);
    this.number(mode);
    if ((mode & DIRECTORY) !== 0) return;
    this.number(Number(size));
    this.number(Number(modTime));
    if (linkname !== '') this.text(linkname);
  }

  text(text: string): void {
    for (let at = 0; at < text.length; at += 1) this.#mix(text.charCodeAt(at));
    this.#mix(0x10000);
  }

  /** Of times the last bits are lost: a quarter of a microsecond. */
  number(value: number): void {
    this.#mix((value % 0x100000000) | 0);
    this.#mix((value / 0x100000000) | 0);
  }

  toString(): string {
    return [this.#one, this.#other].map((hash) => (hash >>> 0).toString(16).padStart(8, '0')).join('');
  }

  #mix(unit: number): void {
    this.#one = Math.imul(this.#one ^ unit, 0x01000193);
    this.#other = Math.imul((this.#other ^ unit) + 0x9e3779b9, 0x85ebca6b);
  }
}
