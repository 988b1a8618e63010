import { check } from '@hlb/checker';
import { sourceFile } from '@hlb/diagnostics';
import { parse } from '@hlb/parser';
import { expect, test } from 'vitest';
import { elaborate } from '../elaborate.js';

test('outputs of one stage share its path; those of other stages have their own', () => {
  const text = `
fs both() { scratch; mkfile "/f" 0o644 "f"; download "a"; download "b"; }
fs other() { scratch; download "c"; }
pipeline default() { stage both; stage other; }
`;
  const checked = check(parse(sourceFile('p.hlb', text)).module);
  const { module } = elaborate(checked, { targets: ['default'], directory: '.' });
  const [first, second, third] = module.outputs.map(({ stage }) => stage);
  expect(first).toEqual([0, 0]);
  expect(second).toBe(first);
  expect(third).toEqual([0, 1]);
});
