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
  readonly #lines: string[] = [];
  readonly #rest = new Map<string, { count: number; hash: number }>();

  add({ path, mode, size, modTime, linkname }: ListedEntry): void {
    // Times and sizes of directories tell nothing that their entries don't.
    const state =
      (mode & DIRECTORY) !== 0
        ? `${mode.toString(36)}`
        : `${mode.toString(36)} ${size.toString(36)} ${modTime.toString(36)}${linkname === '' ? '' : ` ${JSON.stringify(linkname)}`}`;
    if (this.#lines.length < MOST_ENTRIES) {
      this.#lines.push(`${escaped(path)}\t${state}`);
      return;
    }
    const slash = path.indexOf('/');
    const top = slash === -1 ? '' : path.slice(0, slash);
    const folder = this.#rest.has(top) || this.#rest.size < MOST_FOLDERS ? top : '';
    const counted = this.#rest.get(folder) ?? { count: 0, hash: 0 };
    counted.count += 1;
    counted.hash = mixed(counted.hash, `${path}\t${state}`);
    this.#rest.set(folder, counted);
  }

  /** The list as it is kept: an entry a line; after an empty line folders with what was not listed. */
  toString(): string {
    const rest = [...this.#rest].map(
      ([folder, { count, hash }]) => `${escaped(folder)}\t${count} ${hash.toString(36)}`,
    );
    return [...this.#lines, ...(rest.length === 0 ? [] : ['', ...rest])].join('\n');
  }
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

/** FNV-1a over UTF-16 units, carried on: fast, and enough to see that something differs. */
function mixed(start: number, text: string): number {
  let hash = start ^ 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
