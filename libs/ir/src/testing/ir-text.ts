import { type Diagnostic, type SourceFile, sourceFile } from '@hlb/diagnostics';
import type { IrModule } from '../module.js';
import type { Pass } from '../passes/pass.js';
import { type PassStat, type RunPassesOptions, runPasses } from '../passes/run-passes.js';
import { parseModule } from '../text/parse.js';
import { printModule } from '../text/print.js';
import { formatViolation, verify } from '../verify/verify.js';

/**
 * The module of a text, for tests: values may have names, `//` starts a comment, lines may be indented. Throws an `Error` that
 * shows every fault: of reading it, and every invariant that it breaks.
 */
export function readIr(text: string): IrModule {
  const file = sourceFile('test.ir', text);
  const { module, diagnostics } = parseModule(file);
  if (module === undefined) {
    throw new Error(diagnostics.map((found) => `${placeIn(file, found)}: ${found.message}`).join('\n'));
  }
  const violations = verify(module);
  if (violations.length > 0) throw new Error(violations.map((found) => formatViolation(found, module)).join('\n'));
  return module;
}

/** The text as `printModule` writes it, to compare with what a pass gives. */
export function formatIr(text: string): string {
  return printModule(readIr(text), { origins: hasPlaces(text) });
}

export interface AppliedPass {
  /** What the pass made of the text; with places where the text has them. */
  readonly text: string;
  readonly changed: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: readonly PassStat[];
}

/**
 * Runs a pass on a text, as a stranger's would be run: verified, on a module that can't be changed. Other passes that it names need
 * not be there. Throws an `Error` where the pass fails; what it reports itself is in the result.
 */
export async function applyPass(
  pass: Pass,
  text: string,
  options: RunPassesOptions & { readonly passOptions?: unknown } = {},
): Promise<AppliedPass> {
  const { passOptions, ...rest } = options;
  const alone = { ...pass, needs: [], after: [], before: [] };
  const use = { pass: alone, outside: true, ...(passOptions === undefined ? {} : { options: passOptions }) };
  const { module, diagnostics, reports } = await runPasses(readIr(text), [use], rest);
  const [report] = reports;
  if (report === undefined) throw new Error(diagnostics.map(shown).join('\n'));
  return {
    text: printModule(module, { origins: hasPlaces(text) }),
    changed: report.changed,
    diagnostics,
    stats: report.stats,
  };
}

/** A diagnostic and its notes, as lines. */
export function shown({ message, notes }: Diagnostic): string {
  return [message, ...notes.map((note) => `  ${note}`)].join('\n');
}

function hasPlaces(text: string): boolean {
  return /^[ \t]*file /m.test(text);
}

function placeIn(file: SourceFile, { labels: [label] }: Diagnostic): string {
  const { line, column } = file.position(label?.span.start ?? 0);
  return `${file.name}:${line}:${column}`;
}
