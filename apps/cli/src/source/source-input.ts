import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { type SourceFile, sourceFile } from '@hlb/diagnostics';
import { CommandError } from '../command-error.js';
import type { Io } from '../process/io.js';

/** What a program may be at most; a file beyond it is surely not one. Bytes. */
const LARGEST_PROGRAM = 512 * 1024 * 1024;

/** Reads a program: a path, or `-` for standard input. Throws a `CommandError` that says why it can't be read. */
export async function readSource(io: Io, path: string): Promise<SourceFile> {
  if (path === '-') return decode('<stdin>', await readStream(io));
  const absolute = resolve(io.cwd, path);
  try {
    return decode(displayName(io.cwd, absolute), await readFile(absolute));
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A path as messages name it: relative to the current directory where it lies below it, else as it is. */
export function displayName(cwd: string, absolute: string): string {
  const near = relative(cwd, absolute);
  return near === '' || near.startsWith('..') || isAbsolute(near) ? absolute : near;
}

async function readStream(io: Io): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of io.stdin) {
    const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += buffer.length;
    if (size > LARGEST_PROGRAM) throw new CommandError('standard input holds more than a program can');
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}

function decode(name: string, bytes: Buffer): SourceFile {
  const text = bytes.toString('utf8');
  const lossy = text.includes('\ufffd') && Buffer.compare(Buffer.from(text, 'utf8'), bytes) !== 0;
  return sourceFile(name, text, lossy ? bytes : undefined);
}

function unreadable(path: string, error: unknown): CommandError {
  const code = (error as NodeJS.ErrnoException).code;
  const shown = JSON.stringify(path);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new CommandError(`cannot read ${shown}: there is no such file`, {
        helps: ['Name the program to use, or change to the directory that holds build.hlb.'],
        cause: error,
      });
    case 'EISDIR':
      return new CommandError(`cannot read ${shown}: it is a directory`, {
        helps: [`Name a file in it, such as ${JSON.stringify(`${path.replace(/\/+$/, '')}/build.hlb`)}.`],
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
      return new CommandError(`cannot read ${shown}: permission denied`, {
        helps: ['Give yourself the right to read it.'],
        cause: error,
      });
    default:
      return new CommandError(`cannot read ${shown}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
  }
}
