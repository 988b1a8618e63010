import { opendirSync } from 'node:fs';
import type { Pace } from './pace.js';
import { decodePath, systemPath } from './path-text.js';

/** Entries that one system call reads, so that a step stays short. */
const READ_AHEAD = 256;

/** A name in a directory, and what the directory tells of its kind; some file systems tell nothing. */
export interface NamedEntry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/**
 * A directory's entries as the system orders them. Reads in slices: a directory may hold hundreds of thousands. Throws the system's
 * error.
 */
export async function readDirectory(path: string, pace: Pace): Promise<NamedEntry[]> {
  const entries: NamedEntry[] = [];
  let suspicious = false;
  await eachEntry(path, 'utf8', pace, (entry) => {
    if (entry.name.includes('\ufffd')) suspicious = true;
    entries.push(entry);
  });
  if (!suspicious) return entries;
  // A name may not be UTF-8. Read as latin1, each of its units is a byte.
  const raw: NamedEntry[] = [];
  await eachEntry(path, 'latin1', pace, (entry) => raw.push(new RawEntry(entry)));
  return raw;
}

async function eachEntry(
  path: string,
  encoding: BufferEncoding,
  pace: Pace,
  tell: (entry: NamedEntry) => void,
): Promise<void> {
  const directory = opendirSync(systemPath(path), { bufferSize: READ_AHEAD, encoding });
  try {
    for (;;) {
      const entry = directory.readSync();
      if (!entry) return;
      tell(entry);
      if (pace.due()) await pace.rest();
    }
  } finally {
    directory.closeSync();
  }
}

class RawEntry implements NamedEntry {
  readonly name: string;
  readonly #entry: NamedEntry;

  constructor(entry: NamedEntry) {
    this.name = decodePath(Buffer.from(entry.name, 'latin1'));
    this.#entry = entry;
  }

  isFile(): boolean {
    return this.#entry.isFile();
  }

  isDirectory(): boolean {
    return this.#entry.isDirectory();
  }

  isSymbolicLink(): boolean {
    return this.#entry.isSymbolicLink();
  }
}
