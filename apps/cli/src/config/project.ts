import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '@hlb/diagnostics';
import type { PassUse } from '@hlb/ir';
import type { CompileOptions } from '@hlb/lowering';
import type { Io } from '../process/io.js';
import type { Config } from './config.js';
import { findConfig } from './find-config.js';
import type { LoadedPass, LoadedPasses } from './outside/load-passes.js';

/** Flags of every command that a configuration matters to. */
export interface ConfigFlags {
  /** `--config FILE`; `false` for `--no-config`. */
  readonly config?: string | boolean;
}

/** Flags of every command that runs passes. */
export interface PassFlags extends ConfigFlags {
  /** Each `--pass`, as written. */
  readonly pass: readonly string[];
  /** Each `--skip-pass`. */
  readonly skipPass?: readonly string[];
}

/** Which passes run beside, and of, those that would. */
export type PipelineChoice = Required<Pick<CompileOptions, 'passes' | 'skipped'>>;

/** What stands around a program: its configuration, and the passes that this and `--pass` name. */
export interface Project {
  readonly config: Config | undefined;
  readonly passes: readonly LoadedPass[];
  readonly uses: readonly PassUse[];
  /** Passes of the project that are left out. */
  readonly skipped: readonly string[];
  /** Both, as a compile wants them. */
  readonly pipeline: PipelineChoice;
  /** About passes that could not be loaded. */
  readonly diagnostics: readonly Diagnostic[];
  /** Ends what was started for the passes. */
  close(): Promise<void>;
}

/** The folder of a program; of one on standard input the current one. */
export function programFolder(io: Io, file: string): string {
  return file === '-' ? io.cwd : dirname(resolve(io.cwd, file));
}

/**
 * The configuration for programs in a folder: the one of `--config`, or what is found upward. Only where there is one, what reads it
 * is loaded. Throws a `CommandError` that says what is wrong with it.
 */
export async function configFor(io: Io, flags: ConfigFlags, folder: string): Promise<Config | undefined> {
  if (flags.config === false) return undefined;
  const path = typeof flags.config === 'string' ? resolve(io.cwd, flags.config) : findConfig(folder);
  return path === undefined ? undefined : (await import('./load-config.js')).loadConfig(io, path);
}

/** Opens what stands around a program in a folder. To be closed. */
export async function openProject(io: Io, flags: PassFlags, folder: string): Promise<Project> {
  const config = await configFor(io, flags, folder);
  const skipped = [...new Set([...(config?.skipPasses ?? []), ...(flags.skipPass ?? [])])];
  if (skipped.length > 0) (await import('./own-passes.js')).checkSkipped(skipped);
  const loaded = await passesOf(io, flags, config, folder);
  const uses = loaded.passes.map(({ use }) => use);
  return {
    config,
    passes: loaded.passes,
    uses,
    skipped,
    pipeline: { passes: uses, skipped },
    diagnostics: loaded.diagnostics,
    close: () => loaded.close(),
  };
}

async function passesOf(io: Io, flags: PassFlags, config: Config | undefined, folder: string): Promise<LoadedPasses> {
  if (flags.pass.length === 0 && (config === undefined || config.passes.length === 0)) {
    return { passes: [], diagnostics: [], close: async () => {} };
  }
  const [{ readPassSpec }, { loadPasses }] = await Promise.all([
    import('./outside/pass-spec.js'),
    import('./outside/load-passes.js'),
  ]);
  return loadPasses(io, config, flags.pass.map(readPassSpec), folder);
}
