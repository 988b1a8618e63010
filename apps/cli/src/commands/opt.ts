import { type PassUse, parseModule, printModule, runPasses } from '@hlb/ir';
import { pipeline } from '@hlb/lowering';
import { usageError } from '../command-error.js';
import { compileFacts } from '../compiling.js';
import { onInterrupt } from '../interrupt.js';
import { type Io, write } from '../io.js';
import type { GlobalOptions } from '../program.js';
import { hasErrors, report } from '../report.js';
import { readSource } from '../source-input.js';

export interface OptOptions extends GlobalOptions {
  readonly file: string;
  /** Names, separated by commas. */
  readonly passes: string;
}

/** `hlb opt`: runs passes on IR text, in the order given, verified after each, and prints the IR that comes out. */
export async function opt(io: Io, options: OptOptions): Promise<number> {
  const names = options.passes.split(',').map((name) => name.trim());
  const uses = names.map((name): PassUse => {
    const row = pipeline.find(({ pass }) => pass.name === name);
    if (row === undefined) throw usageError(`there is no pass ${name}`, 'hlb passes lists them.');
    return { pass: row.pass };
  });
  const parsed = parseModule(await readSource(io, options.file));
  if (parsed.module === undefined) {
    await report(io, parsed.diagnostics, options);
    return 1;
  }
  const interrupt = onInterrupt();
  try {
    const { facts } = await compileFacts(io, {}, undefined, interrupt.signal);
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
  } finally {
    interrupt.dispose();
  }
}
