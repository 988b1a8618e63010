import { resolve } from 'node:path';
import { check, fixedAndFormatted, type LintConfig, lint } from '@hlb/checker';
import {
  type Diagnostic,
  diagnosticsToGithub,
  diagnosticsToSarif,
  type SourceFile,
  sourceFile,
} from '@hlb/diagnostics';
import { parse } from '@hlb/parser';
import { usageError } from '../command-error.js';
import { configFor, programFolder } from '../config/project.js';
import { programsIn, replaceFile } from '../files.js';
import { type Io, write } from '../io.js';
import type { LintFlags } from '../program/checking.js';
import type { GlobalOptions } from '../program/options.js';
import { report, reportJson } from '../report.js';
import { readSource } from '../source-input.js';
import { VERSION } from '../version.js';
import { counted } from '../views/units.js';

export interface LintOptions extends GlobalOptions, LintFlags {
  readonly files: readonly string[];
}

/**
 * `hlb lint`: what is probably a mistake, after everything that surely is one. Exit code 1 where there is an error or a warning;
 * with `--fix` what can be mended is written first, and only what is left counts.
 */
export async function lintFiles(io: Io, options: LintOptions): Promise<number> {
  if (options.fix === true && options.files.includes('-')) {
    throw usageError('standard input cannot be written to', 'Name the files to fix, or leave --fix away.');
  }
  const all: Diagnostic[] = [];
  const configs = new Map<string, Promise<LintConfig>>();
  for (const path of await programsIn(io, options.files)) {
    let file = await readSource(io, path);
    const config = await lintConfig(io, options, programFolder(io, path), configs);
    let found = findings(file, config);
    if (options.fix === true) {
      const fixed = fixedAndFormatted(file, found);
      if (fixed.applied.length > 0) {
        await replaceFile(resolve(io.cwd, path), fixed.text);
        await write(io.stderr, `${file.name}: mended ${counted(fixed.applied.length, 'finding')}\n`);
        file = sourceFile(file.name, fixed.text);
        found = findings(file, config);
      }
    }
    all.push(...found);
  }
  const format = options.json === true ? 'json' : options.format;
  if (format === 'json') await reportJson(io, all);
  else if (format === 'sarif')
    await write(io.stdout, `${JSON.stringify(diagnosticsToSarif(all, { name: 'hlb', version: VERSION }))}\n`);
  else if (format === 'github') await write(io.stdout, diagnosticsToGithub(all));
  else {
    await report(io, all, options);
    const fixable = all.filter((one) => one.fixes.some((fix) => fix.isSafe === true)).length;
    if (fixable > 0) await write(io.stderr, `hlb lint --fix mends ${counted(fixable, 'finding')} of these\n`);
  }
  return all.some((one) => one.severity !== 'info') ? 1 : 0;
}

/** What the configuration that counts in a folder says of rules; each folder is asked for once. */
function lintConfig(
  io: Io,
  options: LintOptions,
  folder: string,
  known: Map<string, Promise<LintConfig>>,
): Promise<LintConfig> {
  const found = known.get(folder) ?? configFor(io, options, folder).then((config) => config?.lint ?? {});
  known.set(folder, found);
  return found;
}

function findings(file: SourceFile, config: LintConfig): readonly Diagnostic[] {
  const { module, diagnostics } = parse(file);
  const checked = check(module, { syntax: diagnostics });
  const errors = [...diagnostics, ...checked.diagnostics, ...checked.early];
  return errors.some((one) => one.severity === 'error') ? errors : [...errors, ...lint(checked, config)];
}
