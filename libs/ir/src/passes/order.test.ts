import { describe, expect, test } from 'vitest';
import { definePass, orderPasses, type PassDefinition, type PassUse } from '../index.js';

function pass(name: string, parts: Partial<PassDefinition<undefined, never>> = {}): PassUse {
  return { pass: definePass({ name, run: (module) => module, ...parts }) };
}

const fold = pass('fold');
const dedupe = pass('dedupe', { needs: ['fold'] });
const share = pass('share', { needs: ['fold'] });
const prune = pass('prune');

function ordered(uses: readonly PassUse[], known: readonly string[] = []): readonly string[] {
  const { order, diagnostics } = orderPasses(uses, known);
  expect(diagnostics).toEqual([]);
  return order.map((use) => use.pass.name);
}

function faults(uses: readonly PassUse[], known: readonly string[] = []): readonly string[] {
  return orderPasses(uses, known).diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

describe('the order of passes', () => {
  test('is that of the list where nothing asks for another', () => {
    expect(ordered([fold, dedupe, share, prune])).toEqual(['fold', 'dedupe', 'share', 'prune']);
    expect(ordered([])).toEqual([]);
  });

  test('puts what is needed before', () => {
    expect(ordered([prune, dedupe, share, fold])).toEqual(['prune', 'fold', 'dedupe', 'share']);
  });

  test.each<[string, PassUse, readonly string[]]>([
    ['nowhere', { ...pass('mine'), outside: true }, ['fold', 'dedupe', 'share', 'prune', 'mine']],
    [
      'before one',
      { ...pass('mine', { before: ['dedupe'] }), outside: true },
      ['fold', 'mine', 'dedupe', 'share', 'prune'],
    ],
    [
      'right after one',
      { ...pass('mine', { after: ['fold'] }), outside: true },
      ['fold', 'mine', 'dedupe', 'share', 'prune'],
    ],
    [
      'after what it needs',
      { ...pass('mine', { needs: ['share'] }), outside: true },
      ['fold', 'dedupe', 'share', 'mine', 'prune'],
    ],
    [
      'between two',
      { ...pass('mine', { after: ['share'], before: ['prune'] }), outside: true },
      ['fold', 'dedupe', 'share', 'mine', 'prune'],
    ],
    [
      'where its user says',
      { ...pass('mine'), outside: true, after: ['dedupe'], before: ['share'] },
      ['fold', 'dedupe', 'mine', 'share', 'prune'],
    ],
  ])('puts a pass from outside %s', (_place, mine, order) => {
    expect(ordered([fold, dedupe, share, prune, mine])).toEqual(order);
  });

  test('puts passes from outside that name each other together', () => {
    const one = { ...pass('one', { after: ['two'] }), outside: true };
    const two = { ...pass('two', { after: ['fold'] }), outside: true };
    expect(ordered([fold, share, one, two])).toEqual(['fold', 'two', 'one', 'share']);
  });

  test('takes the names of passes that do not run for no mistake', () => {
    expect(ordered([pass('mine', { after: ['off'], before: ['off'] })], ['off'])).toEqual(['mine']);
  });

  test('tells unknown names', () => {
    expect(faults([fold, pass('mine', { needs: ['a'], after: ['b'], before: ['c'] })])).toEqual([
      'HLB0610: the pass mine needs a, but there is no such pass',
      'HLB0610: the pass mine stands after b, but there is no such pass',
      'HLB0610: the pass mine stands before c, but there is no such pass',
    ]);
  });

  test('asks whether another name was meant', () => {
    const { diagnostics } = orderPasses([fold, pass('mine', { after: ['fodl'] })]);
    expect(diagnostics.map(({ notes, helps }) => [...notes, ...helps])).toEqual([
      ['passes: fold', 'did you mean fold?'],
    ]);
  });

  test('tells a needed pass that does not run', () => {
    expect(faults([dedupe], ['fold'])).toEqual(['HLB0614: the pass dedupe needs fold, which does not run']);
  });

  test('tells two of one name', () => {
    expect(faults([fold, fold])).toEqual(['HLB0612: there are two passes of the name fold']);
  });

  test('tells circles', () => {
    const a = pass('a', { before: ['b'] });
    const b = pass('b', { before: ['c'] });
    const c = pass('c', { before: ['a'] });
    expect(faults([a, b, c])).toEqual([
      "HLB0611: the passes can't be ordered: each of them must run before the next: a, b, c, a",
    ]);
    // Each pass on the way would be a circle of its own, and one mistake made them all.
    const chain = ['one', 'two', 'three', 'four'].map((name, place, all) => pass(name, { after: all.slice(0, place) }));
    expect(faults([...chain, pass('odd', { after: ['four'], before: ['one'] })]).length).toBe(1);
    expect(faults([pass('self', { after: ['self'] })])).toEqual([
      "HLB0611: the passes can't be ordered: each of them must run before the next: self, self",
    ]);
  });
});
