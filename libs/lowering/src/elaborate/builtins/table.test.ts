import { builtins } from '@hlb/checker';
import { expect, test } from 'vitest';
import { builtinHandlers } from './table.js';

test('every builtin of the checker has a handler, and every handler a builtin', () => {
  const declared = builtins.map(({ kind, name }) => `${kind} ${name}`).sort();
  // The deprecated spelling of `stage`.
  const handled = Object.keys(builtinHandlers).filter((key) => key !== 'pipeline parallel' || declared.includes(key));
  expect(handled.sort()).toEqual(declared);
});
