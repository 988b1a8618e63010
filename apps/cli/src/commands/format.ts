import { resolve } from 'node:path';
import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import { format as formatFile } from '@hlb/parser';
import { createTwoFilesPatch } from 'diff';
import { usageError } from '../command-error.js';
import { type Io, write } from '../process/io.js';
import type { GlobalOptions } from '../program/options.js';
import { report } from '../report.js';
import { programsIn, replaceFile } from '../source/files.js';
import { readSource } from '../source/source-input.js';

export interface FormatOptions extends GlobalOptions {
  readonly files: readonly string[];
  readonly write?: boolean;
  readonly check?: boolean;
}

/**
 * `hlb format`: prints programs in the usual form, or writes them with `-w`; with `--check` prints what would change and exits
 * with 1 if anything would. A file with syntax errors is left alone, reported, and makes the exit code 1.
 */
export async function format(io: Io, options: FormatOptions): Promise<number> {
  if (options.write === true && options.check === true) throw usageError('--write and --check exclude each other');
  const paths = options.files.length === 0 ? ['-'] : options.files;
  if (options.write === true && paths.includes('-')) {
    throw usageError('standard input cannot be written to', 'Name the files to write, or leave --write away.');
  }
  let code = 0;
  for (const path of await programsIn(io, paths)) {
    const file = await readSource(io, path);
    const result = formatFile(file);
    if ('diagnostics' in result) {
      await leaveAlone(io, file, result.diagnostics, options);
      code = 1;
    } else if (options.check === true) {
      if (result.text === file.text) continue;
      code = 1;
      await write(
        io.stdout,
        createTwoFilesPatch(file.name, file.name, file.text, result.text, 'as it is', 'formatted'),
      );
    } else if (options.write === true) {
      if (result.text !== file.text) await replaceFile(resolve(io.cwd, path), result.text);
    } else await write(io.stdout, result.text);
  }
  return code;
}

async function leaveAlone(
  io: Io,
  file: SourceFile,
  diagnostics: readonly Diagnostic[],
  options: FormatOptions,
): Promise<void> {
  await report(io, diagnostics, options);
  await write(io.stderr, `${file.name} was left as it is: its syntax must be right before it can be formatted\n`);
}
