import { check } from '@hlb/checker';
import { programArbitrary, splitProgramArbitrary } from '@hlb/checker/testing';
import { sourceFile } from '@hlb/diagnostics';
import { parseModule, printModule } from '@hlb/ir';
import { checkPass, compareMeaning } from '@hlb/ir/testing';
import { format, parse } from '@hlb/parser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { record } from '../../../tests/support/compile-case.js';
import { compileText, shown } from '../../../tests/support/compile-text.js';
import { masked } from '../../../tests/support/masked-llb.js';
import { type CompileResult, dumpLlb, elaborate, type Level, type ModuleInstance, pipeline } from './index.js';

const levels: readonly Level[] = ['O0', 'default'];

/** Compiles with the module verified before all passes and after each; a program that is drawn has no errors. */
async function compiled(
  text: string,
  level: Level,
  loadedModules: ReadonlyMap<string, ModuleInstance> = new Map(),
): Promise<CompileResult> {
  const result = await compileText(text, { level, sessionId: 'session', loadedModules });
  expect(result.diagnostics.filter(({ severity }) => severity === 'error').map(shown)).toEqual([]);
  return result;
}

test('random programs keep the verifier at every stage', async () => {
  await fc.assert(
    fc.asyncProperty(programArbitrary(), fc.constantFrom(...levels), async (text, level) => {
      expect((await compiled(text, level)).plan).toBeDefined();
    }),
    { numRuns: 80 },
  );
});

const modules = fc.tuple(programArbitrary(), fc.constantFrom(...levels)).map(([text, level]) => {
  const checked = check(parse(sourceFile('p.hlb', text)).module);
  return elaborate(checked, { targets: ['default'], directory: '.', level }).module;
});

test.each(pipeline.map(({ pass }) => [pass.name, pass] as const))('%s alone is as it says on them', async (_, pass) => {
  await checkPass(pass, { modules, runs: 25 });
});

test('what they are compiled to has a text that reads back as the same', async () => {
  await fc.assert(
    fc.asyncProperty(programArbitrary(), fc.constantFrom(...levels), async (text, level) => {
      const { ir, optimized } = await compiled(text, level);
      for (const module of [ir, optimized]) {
        if (module === undefined) throw new Error('there is no module');
        const printed = printModule(module, { sources: true });
        const read = parseModule(sourceFile('printed.ir', printed)).module;
        expect(read && printModule(read, { sources: true })).toBe(printed);
      }
    }),
    { numRuns: 40 },
  );
});

test('passes that say so keep their meaning', async () => {
  await fc.assert(
    fc.asyncProperty(programArbitrary(), async (text) => {
      const result = await compiled(text, 'default');
      const before = result.irAfter('check-values');
      if (before === undefined || result.optimized === undefined) throw new Error('there is no module');
      expect(compareMeaning(before, result.optimized)).toEqual([]);
    }),
    { numRuns: 80 },
  );
});

test('formatting changes nothing of their LLB', async () => {
  await fc.assert(
    fc.asyncProperty(programArbitrary(), async (text) => {
      const formatted = format(sourceFile('p.hlb', text));
      if ('diagnostics' in formatted) throw new Error('it has no syntax');
      expect(await llbOf(formatted.text)).toEqual(await llbOf(text));
    }),
    { numRuns: 40 },
  );
});

test('a program means the same in two modules', async () => {
  await fc.assert(
    fc.asyncProperty(splitProgramArbitrary(), async ({ whole, main, lib }) => {
      const checked = check(parse(sourceFile('lib.hlb', lib)).module);
      expect(checked.diagnostics.map(shown)).toEqual([]);
      const loaded = new Map([['lib', { checked, directory: '.', imports: new Map() }]]);
      expect(await llbOf(main, loaded)).toEqual(await llbOf(whole));
    }),
    { numRuns: 60 },
  );
});

test('an option that is a name means the same alone and in a list', async () => {
  await fc.assert(
    fc.asyncProperty(programArbitrary(), async (text) => {
      const listed = text.replace(/ with ([a-z]\w*)$/gm, ' with option { $1; }');
      expect(await llbOf(listed)).toEqual(await llbOf(text));
    }),
    { numRuns: 60 },
  );
});

/** The LLB at `-O0` without places in the source, and without what is another in each compile. */
async function llbOf(text: string, loadedModules?: ReadonlyMap<string, ModuleInstance>): Promise<unknown> {
  const result = await compiled(text, 'O0', loadedModules);
  if (result.plan === undefined) throw new Error('there is no plan');
  const dumped = await dumpLlb(result.plan, { cwd: '/work' });
  const withoutPlaces = JSON.stringify(dumped, (key, value) =>
    key === 'source' || key === 'sourceInfos' ? undefined : value,
  );
  return masked(record(JSON.parse(withoutPlaces)));
}
