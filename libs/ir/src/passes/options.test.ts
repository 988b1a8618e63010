import { describe, expect, expectTypeOf, test } from 'vitest';
import { definePass, type OptionsSchema, passOptions, runPasses } from '../index.js';
import { readIr } from '../testing/ir-text.js';

const schema = passOptions({
  registry: { type: 'string', required: true, doc: 'where images come from' },
  depth: { type: 'integer', default: 3, doc: 'how deep' },
  strict: { type: 'boolean', doc: 'whether it is strict' },
  names: { type: 'strings', default: [], doc: 'which' },
});

async function seen(options: unknown): Promise<{ readonly options: unknown; readonly faults: readonly string[] }> {
  let found: unknown;
  const pass = definePass({
    name: 'mine',
    options: schema,
    run(module, ctx) {
      expectTypeOf(ctx.options).toEqualTypeOf<{
        readonly registry: string;
        readonly depth: number;
        readonly strict: boolean | undefined;
        readonly names: readonly string[];
      }>();
      found = ctx.options;
      return module;
    },
  });
  const { diagnostics } = await runPasses(readIr('%0 = scratch'), [{ pass, options }]);
  return { options: found, faults: diagnostics.map(({ code, message }) => `${code}: ${message}`) };
}

describe('options of a pass', () => {
  test('are read, with what goes without saying', async () => {
    expect(await seen({ registry: 'r' })).toEqual({
      options: { registry: 'r', depth: 3, strict: undefined, names: [] },
      faults: [],
    });
    expect((await seen({ registry: 'r', depth: 1, strict: false, names: ['a'] })).options).toEqual({
      registry: 'r',
      depth: 1,
      strict: false,
      names: ['a'],
    });
  });

  test.each<[unknown, string]>([
    [undefined, 'option registry of the pass mine: it must be given'],
    [3, 'the options of the pass mine: expected an object with options'],
    [{ registry: 3 }, 'option registry of the pass mine: expected a text'],
    [{ registry: 'r', depth: 1.5 }, 'option depth of the pass mine: expected a whole number'],
    [{ registry: 'r', strict: 'yes' }, 'option strict of the pass mine: expected true or false'],
    [{ registry: 'r', names: ['a', 1] }, 'option names of the pass mine: expected a list of texts'],
    [{ registry: 'r', toString: 1 }, 'option toString of the pass mine: there is no such option'],
  ])('%j are refused', async (options, fault) => {
    expect(await seen(options)).toEqual({ options: undefined, faults: [`HLB0613: ${fault}`] });
  });

  test('are checked by any schema of the standard, also one that takes its time', async () => {
    const foreign: OptionsSchema<{ readonly size: number }> = {
      '~standard': {
        version: 1,
        vendor: 'somebody',
        validate: async (value) =>
          value === 'big'
            ? { value: { size: 9 } }
            : { issues: [{ message: 'Invalid input', path: ['sizes', { key: 0 }] }] },
      },
    };
    const sizes: number[] = [];
    const pass = definePass({
      name: 'mine',
      options: foreign,
      run(module, ctx) {
        sizes.push(ctx.options.size);
        return module;
      },
    });
    expect((await runPasses(readIr('%0 = scratch'), [{ pass, options: 'big' }])).ok).toBe(true);
    expect(sizes).toEqual([9]);
    const { diagnostics, ok } = await runPasses(readIr('%0 = scratch'), [{ pass, options: 'small' }]);
    expect(ok).toBe(false);
    expect(diagnostics.map(({ message }) => message)).toEqual(['option sizes.0 of the pass mine: Invalid input']);
  });

  test('for a pass that takes none are refused, and a schema that throws is told', async () => {
    const none = definePass({ name: 'none', run: (module) => module });
    const throws = definePass<undefined>({
      name: 'throws',
      options: {
        '~standard': {
          version: 1,
          vendor: 'x',
          validate() {
            throw new Error('no schema');
          },
        },
      },
      run: (module) => module,
    });
    const { diagnostics } = await runPasses(readIr('%0 = scratch'), [{ pass: none, options: {} }, throws]);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'the pass none takes no options',
      'the pass throws failed: no schema',
    ]);
  });
});
