import { isUtf8 } from 'node:buffer';
import { type Dirent, opendirSync, readdirSync } from 'node:fs';
import { TransferError } from '../../transfer-error.js';
import type { Pace } from '../pace.js';
import { compareNames } from '../tree-path.js';

/** A name in a directory. The type may be unknown: some file systems don't tell. */
export type DirectoryEntry = Dirent;

/** Names that are sorted in one go; sorting more at once would keep the event loop for too long. */
const RUN = 8192;

/**
 * A directory's entries, sorted by the bytes of their names. Reads and sorts in slices: a directory may hold hundreds of thousands.
 * Throws the system's error, or a `TransferError` of code `bad-name` if `wanted` says that a name which isn't UTF-8 matters.
 */
export async function readSortedDirectory(
  path: string,
  pace: Pace,
  wanted: (entry: DirectoryEntry) => boolean,
): Promise<readonly DirectoryEntry[]> {
  const directory = opendirSync(path, { bufferSize: 256 });
  const entries: DirectoryEntry[] = [];
  let suspicious = false;
  try {
    for (;;) {
      const entry = directory.readSync();
      if (!entry) break;
      if (entry.name.includes('\ufffd')) suspicious = true;
      entries.push(entry);
      if (pace.due()) await pace.rest();
    }
  } finally {
    directory.closeSync();
  }
  if (suspicious) refuseBadNames(path, entries, wanted);
  return sort(entries, pace);
}

async function sort(entries: DirectoryEntry[], pace: Pace): Promise<readonly DirectoryEntry[]> {
  if (entries.length <= RUN) return entries.sort(byName);
  let runs: DirectoryEntry[][] = [];
  for (let start = 0; start < entries.length; start += RUN) {
    runs.push(entries.slice(start, start + RUN).sort(byName));
    await pace.rest();
  }
  while (runs.length > 1) {
    const merged: DirectoryEntry[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const left = runs[i] ?? [];
      const right = runs[i + 1];
      merged.push(right ? await merge(left, right, pace) : left);
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge(left: DirectoryEntry[], right: DirectoryEntry[], pace: Pace): Promise<DirectoryEntry[]> {
  const merged: DirectoryEntry[] = [];
  let l = 0;
  let r = 0;
  for (;;) {
    const a = left[l];
    const b = right[r];
    if (!a && !b) return merged;
    if (a && (!b || byName(a, b) <= 0)) {
      merged.push(a);
      l += 1;
    } else if (b) {
      merged.push(b);
      r += 1;
    }
    if (pace.due()) await pace.rest();
  }
}

function byName(a: DirectoryEntry, b: DirectoryEntry): number {
  return compareNames(a.name, b.name);
}

/**
 * Node shows bytes that aren't UTF-8 as U+FFFD, under which the file can't be opened, and protobuf's strings can't carry them. A name
 * may hold a real U+FFFD, so the bytes decide.
 */
function refuseBadNames(
  path: string,
  entries: readonly DirectoryEntry[],
  wanted: (entry: DirectoryEntry) => boolean,
): void {
  const bad = new Set<string>();
  const raw = new Map<string, Buffer>();
  for (const name of readdirSync(path, 'buffer')) {
    if (isUtf8(name)) continue;
    const shown = name.toString('utf8');
    bad.add(shown);
    raw.set(shown, name);
  }
  for (const entry of entries) {
    if (!bad.has(entry.name) || !wanted(entry)) continue;
    const bytes = escapeBytes(raw.get(entry.name) ?? Buffer.from(entry.name));
    throw new TransferError('bad-name', `${path}/${entry.name}`, `the name of ${path}/${bytes} is not valid UTF-8`, {
      help: 'Rename it, or leave it out by an exclude pattern.',
    });
  }
}

/** Printable ASCII as it is, other bytes as `\xNN`. */
function escapeBytes(bytes: Buffer): string {
  let text = '';
  for (const byte of bytes) {
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}
