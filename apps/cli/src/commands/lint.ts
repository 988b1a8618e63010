import { dirname, resolve } from 'node:path';
import { type CheckedModule, check, fixedAndFormatted, type LintConfig, lint } from '@hlb/checker';
import { type Diagnostic, diagnosticsToSarif, type SourceFile, sourceFile } from '@hlb/diagnostics';
import { parse } from '@hlb/parser';
import { annotations } from '../annotations.js';
import { usageError } from '../command-error.js';
import { configFor, programFolder } from '../config/project.js';
import { type Io, write } from '../process/io.js';
import type { LintFlags } from '../program/checking.js';
import type { GlobalOptions } from '../program/options.js';
import { report, reportJson } from '../report.js';
import { isFile, programsIn, replaceFile } from '../source/files.js';
import { readSource } from '../source/source-input.js';
import { VERSION } from '../version.js';
import { counted } from '../views/units.js';

export interface LintOptions extends GlobalOptions, LintFlags {
  readonly files: readonly string[];
}

/**
 * `hlb lint`: what is probably a mistake, after everything that surely is one, in the programs named and in the modules of this host that
 * they import by path. Exit code 1 where there is an error or a warning; with `--fix` what can be mended in the programs named is written
 * first, and only what is left counts.
 */
export async function lintFiles(io: Io, options: LintOptions): Promise<number> {
  if (options.fix === true && options.files.includes('-')) {
    throw usageError('standard input cannot be written to', 'Name the files to fix, or leave --fix away.');
  }
  const named = await programsIn(io, options.files);
  const seen = new Set(named.map((path) => (path === '-' ? path : resolve(io.cwd, path))));
  const configs = new Map<string, Promise<LintConfig>>();
  const all: Diagnostic[] = [];
  const lintOne = async (path: string, fix: boolean): Promise<readonly string[]> => {
    const config = await lintConfig(io, options, programFolder(io, path), configs);
    const { found, checked } = await lintFile(io, path, config, fix);
    all.push(...found);
    return importedPaths(io, path, checked);
  };
  const imported: string[] = [];
  for (const path of named) imported.push(...(await lintOne(path, options.fix === true)));
  for (let path = imported.shift(); path !== undefined; path = imported.shift()) {
    if (seen.has(path) || !(await isFile(path))) continue;
    seen.add(path);
    imported.push(...(await lintOne(path, false)));
  }
  const format = options.json === true ? 'json' : options.format;
  if (format === 'json') await reportJson(io, all);
  else if (format === 'sarif')
    await write(io.stdout, `${JSON.stringify(diagnosticsToSarif(all, { name: 'hlb', version: VERSION }))}\n`);
  else if (format === 'github') await write(io.stdout, await annotations(io, all));
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

interface Linted {
  readonly found: readonly Diagnostic[];
  readonly checked: CheckedModule;
}

async function lintFile(io: Io, path: string, config: LintConfig, fix: boolean): Promise<Linted> {
  const file = await readSource(io, path);
  const linted = findings(file, config);
  if (!fix) return linted;
  const fixed = fixedAndFormatted(file, linted.found);
  if (fixed.applied.length === 0) return linted;
  await replaceFile(resolve(io.cwd, path), fixed.text);
  await write(io.stderr, `${file.name}: mended ${counted(fixed.applied.length, 'finding')}\n`);
  return findings(sourceFile(file.name, fixed.text), config);
}

function findings(file: SourceFile, config: LintConfig): Linted {
  const { module, diagnostics } = parse(file);
  const checked = check(module, { syntax: diagnostics });
  const errors = [...diagnostics, ...checked.diagnostics, ...checked.early];
  const found = errors.some((one) => one.severity === 'error') ? errors : [...errors, ...lint(checked, config)];
  return { found, checked };
}

/** Where the modules lie that a program imports by path; whether they are there is for `hlb check` to say. */
async function importedPaths(io: Io, path: string, checked: CheckedModule): Promise<readonly string[]> {
  if (checked.imports.length === 0) return [];
  const { pathImports } = await import('@hlb/modules');
  const folder = path === '-' ? io.cwd : dirname(resolve(io.cwd, path));
  return pathImports(checked).map((each) => resolve(folder, each));
}
