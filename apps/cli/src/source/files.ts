import { randomBytes } from 'node:crypto';
import { chmod, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CommandError } from '../command-error.js';
import type { Io } from '../process/io.js';

/** The files that arguments name: themselves, and for a directory every `*.hlb` below it, in order of name. */
export async function programsIn(io: Io, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (path !== '-' && (await isDirectory(resolve(io.cwd, path)))) await collect(io.cwd, path, found);
    else found.push(path);
  }
  return found;
}

/** Replaces a file's content, whole or not at all; its mode stays. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = join(dirname(path), `.hlb-${randomBytes(6).toString('hex')}`);
  try {
    const { mode } = await stat(path);
    await writeFile(temporary, content, { mode: mode & 0o7777, flag: 'wx' });
    await chmod(temporary, mode & 0o7777);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`cannot write ${JSON.stringify(path)}: ${reason}`, { cause: error });
  }
}

async function collect(cwd: string, path: string, found: string[]): Promise<void> {
  const entries = await readdir(resolve(cwd, path), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const inner = join(path, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git') await collect(cwd, inner, found);
    else if (entry.isFile() && entry.name.endsWith('.hlb')) found.push(inner);
  }
}

/** Whether a path leads to a regular file. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
