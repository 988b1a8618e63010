import { sourceFile } from '@hlb/diagnostics';
import fc from 'fast-check';
import type { IrModule } from '../module.js';
import type { Pass } from '../passes/pass.js';
import { type RunPassesOptions, runPasses } from '../passes/run-passes.js';
import { parseModule } from '../text/parse.js';
import { printModule } from '../text/print.js';
import { shown } from './ir-text.js';
import { compareMeaning } from './meaning.js';
import { moduleArbitrary } from './module-arbitrary.js';

export interface CheckPassOptions extends Omit<RunPassesOptions, 'onPass' | 'verify'> {
  /** Options of the pass, as a user would write them. */
  readonly passOptions?: unknown;
  /** Passes that run before it, in this order: those that it needs. */
  readonly prepare?: readonly Pass[];
  /** The modules on which it is run. Default: `moduleArbitrary()`. */
  readonly modules?: fc.Arbitrary<IrModule>;
  /** How many modules. Default: 100. */
  readonly runs?: number;
  /** Repeats what a failure reports. */
  readonly seed?: number;
  readonly path?: string;
}

/**
 * Runs a pass on random modules and rejects where it
 * - throws, changes what it is given, or gives back a module that breaks an invariant, an output or a target;
 * - gives back another object though nothing changed;
 * - says that it is `idempotent` and changes its own result;
 * - says that it `keepsMeaning` and doesn't;
 * - gives something else for a module that was printed and read back.
 *
 * What the pass reports about a module is its own affair. The error names the smallest module that was found, and the seed.
 */
export async function checkPass(pass: Pass, options: CheckPassOptions = {}): Promise<void> {
  const { passOptions, prepare = [], modules = moduleArbitrary(), runs = 100, seed, path, ...rest } = options;
  const use = { pass: alone(pass), outside: true, ...(passOptions === undefined ? {} : { options: passOptions }) };
  const preparation = prepare.map(alone);

  /** What the pass makes of a module; `undefined` where it reports an error. */
  const apply = async (module: IrModule): Promise<IrModule | undefined> => {
    const result = await runPasses(module, [use], rest);
    if (result.ok) return result.module;
    if (result.reports.length > 0) return undefined;
    throw new Error(result.diagnostics.map(shown).join('\n'));
  };

  const property = fc.asyncProperty(modules, async (drawn) => {
    const prepared = await runPasses(drawn, preparation, { ...rest, verify: true });
    if (!prepared.ok) throw new Error(prepared.diagnostics.map(shown).join('\n'));
    const before = prepared.module;
    const after = await apply(before);
    if (after === undefined) return;
    const full = { sources: true };
    const plain = { origins: false };
    const text = printModule(after, full);
    const context = `\nof\n${printModule(before, plain)}\nit made\n${printModule(after, plain)}`;
    if (after !== before && text === printModule(before, full)) {
      throw new Error(`it gave back another object though nothing changed${context}`);
    }
    if (pass.idempotent === true && (await apply(after)) !== after) {
      throw new Error(`it changes its own result${context}`);
    }
    const differences = pass.keepsMeaning === true ? compareMeaning(before, after) : [];
    if (differences.length > 0) throw new Error(`it changes the meaning: ${differences.join('; ')}${context}`);
    const read = parseModule(sourceFile('printed.ir', printModule(before, full))).module;
    const again = read === undefined ? undefined : await apply(read);
    if (again === undefined || printModule(again, full) !== text) {
      throw new Error(`it makes something else of the module printed and read back${context}`);
    }
  });
  const result = await fc.check(property, {
    numRuns: runs,
    ...(seed === undefined ? {} : { seed }),
    ...(path === undefined ? {} : { path }),
  });
  if (!result.failed) return;
  const { errorInstance: cause, seed: used, counterexamplePath } = result;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const repeat = `{ seed: ${used}, path: ${JSON.stringify(counterexamplePath)} }`;
  throw new Error(`the pass ${pass.name} is not as it should be (again with ${repeat}): ${reason}`, { cause });
}

/** The pass as it is where the others that it names don't exist. */
function alone(pass: Pass): Pass {
  return { ...pass, needs: [], after: [], before: [] };
}
