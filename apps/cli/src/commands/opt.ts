import { nearest } from '@hlb/diagnostics';
import { type PassUse, parseModule, printModule, runPasses } from '@hlb/ir';
import { pipeline } from '@hlb/lowering';
import { CommandError, usageError } from '../command-error.js';
import { compileFacts, factsFailure } from '../compiling.js';
import { openProject, programFolder } from '../config/project.js';
import { INTERRUPTED, onInterrupt } from '../process/interrupt.js';
import { type Io, write } from '../process/io.js';
import type { OptFlags } from '../program/compiler.js';
import type { GlobalOptions } from '../program/options.js';
import { hasErrors, report } from '../report.js';
import { readSource } from '../source/source-input.js';

export interface OptOptions extends GlobalOptions, OptFlags {
  readonly file: string;
}

/**
 * `hlb opt`: runs passes on IR text, verified after each, and prints the IR that comes out. They are named by `--passes`: the
 * project's, those of the configuration and `--pass`, and any package or path; in the order given, where none asks for another.
 */
export async function opt(io: Io, options: OptOptions): Promise<number> {
  const names = options.passes
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw usageError('no passes are named', 'hlb passes lists them: --passes prune,join-files.');
  const folder = programFolder(io, options.file);
  const known = await openProject(io, options, folder);
  const knownNames = new Set([...pipeline, ...known.uses].map(({ pass }) => pass.name));
  // What is neither the project's nor the configuration's is a package or a path.
  const others = names.filter((name) => !knownNames.has(name));
  const loading = others.map((name) => openProject(io, { pass: [name], config: false }, folder));
  const opened = await Promise.allSettled(loading);
  try {
    for (const [place, each] of opened.entries()) {
      if (each.status === 'rejected') throw withMeant(each.reason, others[place] ?? '', knownNames);
    }
    const loaded = await Promise.all(loading);
    const diagnostics = [known, ...loaded].flatMap((project) => project.diagnostics);
    if (hasErrors(diagnostics)) {
      await report(io, diagnostics, options);
      return 1;
    }
    const uses = names.flatMap((name): readonly PassUse[] => {
      const row = pipeline.find(({ pass }) => pass.name === name);
      if (row !== undefined) return [{ pass: row.pass }];
      const use = known.uses.find(({ pass }) => pass.name === name);
      return use !== undefined ? [use] : (loaded[others.indexOf(name)]?.uses ?? []);
    });
    return await optimise(io, options, uses);
  } finally {
    await known.close();
    for (const each of opened) if (each.status === 'fulfilled') await each.value.close();
  }
}

/** The error about a package that is not there, with the pass whose name is like it: that may have been meant. */
function withMeant(error: unknown, name: string, known: Iterable<string>): unknown {
  const near = nearest(name, known);
  if (near === undefined || !(error instanceof CommandError)) return error;
  return new CommandError(error.message, {
    exitCode: error.exitCode,
    helps: [`Did you mean ${near}?`, ...error.helps],
  });
}

async function optimise(io: Io, options: OptOptions, uses: readonly PassUse[]): Promise<number> {
  const parsed = parseModule(await readSource(io, options.file));
  if (parsed.module === undefined) {
    await report(io, parsed.diagnostics, options);
    return 1;
  }
  const interrupt = onInterrupt();
  try {
    const { facts } = await compileFacts(io, options, undefined, interrupt.signal);
    const outcome = await runPasses(parsed.module, uses, {
      facts,
      known: pipeline.map(({ pass }) => pass.name),
      verify: true,
      signal: interrupt.signal,
    });
    await report(io, outcome.diagnostics, options);
    if (!outcome.ok || hasErrors(outcome.diagnostics)) return 1;
    await write(io.stdout, printModule(outcome.module));
    return 0;
  } catch (error) {
    if (interrupt.signal.aborted) return INTERRUPTED;
    throw factsFailure(error);
  } finally {
    interrupt.dispose();
  }
}
