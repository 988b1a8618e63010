import { type CheckedModule, check } from '@hlb/checker';
import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import { type CompileOptions, type CompileResult, compileChecked, Timings } from '@hlb/lowering';
import { parse } from '@hlb/parser';
import { type LoadModulesOptions, loadModules } from './load.js';
import { isError } from './loaded-module.js';

/** How a program and its imports are compiled; `path` says where the program is. */
export type CompileWithModulesOptions = Omit<CompileOptions, 'loadedModules' | 'directory'> &
  Pick<LoadModulesOptions, 'path' | 'engine' | 'offers' | 'folders'>;

/** A program that was parsed and checked. */
export interface ReadProgram {
  readonly file: SourceFile;
  readonly checked: CheckedModule;
  /** What is wrong with its syntax. */
  readonly syntax: readonly Diagnostic[];
}

/** Parses and checks a program; how long that took is added to the timings. */
export function readProgram(file: SourceFile, timings: Timings = new Timings()): ReadProgram {
  const { module, diagnostics: syntax } = timings.time('parse', () => parse(file));
  return { file, checked: timings.time('check', () => check(module, { syntax })), syntax };
}

export interface CompiledWithModules extends CompileResult {
  /** Every file that was read, the program first. */
  readonly files: readonly SourceFile[];
}

/** Compiles a program, of its text or what was read of it: to a plan, the imports that its targets use loaded on the way. What is wrong is in the diagnostics. */
export async function compileWithModules(
  program: SourceFile | ReadProgram,
  options: CompileWithModulesOptions,
): Promise<CompiledWithModules> {
  const { path, engine, offers, folders, ...compiling } = options;
  const { allow, facts, platform, signal, targets = ['default'] } = options;
  const timings = new Timings();
  const { file, checked, syntax } = 'checked' in program ? program : readProgram(program, timings);
  const found: Diagnostic[] = [...syntax, ...checked.blocking(targets)];
  let files: readonly SourceFile[] = [file];
  let loaded = {};
  if (!found.some(isError) && checked.imports.length > 0) {
    const loading = loadModules(checked, {
      ...{ wanted: { targets }, path, facts, platform },
      ...(engine === undefined ? {} : { engine }),
      ...(offers === undefined ? {} : { offers }),
      ...(folders === undefined ? {} : { folders }),
      ...(signal === undefined ? {} : { signal }),
      ...(allow === undefined ? {} : { allow }),
    });
    const modules = await timings.wait('modules', loading);
    found.push(...modules.diagnostics);
    files = modules.files;
    loaded = { loadedModules: modules.imports };
  }
  const directory = path === undefined ? '.' : directoryOf(path);
  const result = await compileChecked(checked, { ...compiling, directory, ...loaded }, timings, found);
  return { ...result, files };
}

/** The directory of a program, as its modules are named: `.` for the current one. */
function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, Math.max(1, slash));
}
