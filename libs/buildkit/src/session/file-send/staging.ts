import { rmSync, type Stats } from 'node:fs';
import { lstat, mkdir, realpath, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf, printable, systemError, TransferError } from '../transfer-error.js';

/** Where an output will stand, and what is there now. */
export interface Destination {
  /** Without symbolic links on the way. */
  readonly path: string;
  readonly existing: Stats | undefined;
  /** Directories that were made to hold it, outermost first. */
  readonly made: readonly string[];
}

/**
 * Finds out where `path` really is and makes the directories above it.
 *
 * @param mode of the directories that are made
 */
export async function prepareDestination(path: string, mode: number): Promise<Destination> {
  const existing = await resolved(path);
  if (existing) {
    const stats = await stat(existing).catch((error: unknown) => Promise.reject(systemError(error, 'write', path)));
    return { path: existing, existing: stats, made: [] };
  }
  const made: string[] = [];
  const parent = await makeParents(dirname(path), mode, made);
  return { path: join(parent, basename(path)), existing: undefined, made };
}

/** Removes what `prepareDestination` made, as far as it is still empty. */
export async function removeMade(destination: Destination): Promise<void> {
  for (const path of destination.made.toReversed()) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
  }
}

async function resolved(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'ENOENT') throw systemError(error, 'write', path);
  }
  // A link that leads nowhere: what it points at can't be created without guessing.
  const link = await lstat(path).catch(() => undefined);
  if (link) throw new TransferError('not-found', path, `${printable(path)} is a symbolic link that leads nowhere`);
  return undefined;
}

async function makeParents(path: string, mode: number, made: string[]): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || dirname(path) === path) throw systemError(error, 'write', path);
  }
  const parent = await makeParents(dirname(path), mode, made);
  const directory = join(parent, basename(path));
  try {
    await mkdir(directory, { mode });
    made.push(directory);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw systemError(error, 'create', directory);
  }
  return directory;
}

/** What has to go if the process ends before it is in place. Only paths that this process made itself. */
const unfinished = new Set<string>();

/** Should the process exit with an output under way, its temporary files go with it. */
function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { recursive: true, force: true });
}

/** Remembers a temporary path until `forget` or `removeTemporary`. */
export function remember(path: string): void {
  if (unfinished.size === 0) process.on('exit', removeUnfinished);
  unfinished.add(path);
}

export function forget(path: string): void {
  if (!unfinished.delete(path)) return;
  if (unfinished.size === 0) process.off('exit', removeUnfinished);
}

/** Removes a temporary file. */
export async function removeTemporary(path: string): Promise<void> {
  await rm(path, { force: true });
  forget(path);
}
