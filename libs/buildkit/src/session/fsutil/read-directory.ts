import { type Dirent, opendirSync } from 'node:fs';
import { DirectoryEntries, type ListedKind } from './directory-entries.js';
import type { Pace } from './pace.js';
import { systemPath } from './path-text.js';

/** Entries that one system call reads, so that a step stays short. */
const READ_AHEAD = 256;

/**
 * A directory's entries as the system orders them. Reads in slices: a directory may hold hundreds of thousands. Throws the system's
 * error.
 */
export async function readDirectory(path: string, pace: Pace): Promise<DirectoryEntries> {
  const entries = new DirectoryEntries();
  // Names are bytes, which need not be UTF-8: read as latin1, each unit is one of them.
  const directory = opendirSync(systemPath(path), { bufferSize: READ_AHEAD, encoding: 'latin1' });
  try {
    for (;;) {
      const entry = directory.readSync();
      if (!entry) return entries;
      entries.add(entry.name, listedKind(entry));
      if (pace.due()) await pace.rest();
    }
  } finally {
    directory.closeSync();
  }
}

function listedKind(entry: Dirent): ListedKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'unknown';
}
