import { sourceFile } from '@hlb/diagnostics';
import { parse } from '@hlb/parser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { builtins, check } from '../index.js';
import { programArbitrary } from './index.js';

test('a program that is drawn has no mistakes', () => {
  fc.assert(
    fc.property(programArbitrary(), (text) => {
      const { module, diagnostics } = parse(sourceFile('p.hlb', text));
      const checked = check(module, { syntax: diagnostics });
      const found = [...diagnostics, ...checked.diagnostics];
      expect(found.map(({ message, labels }) => `${message}: ${text.slice(labels[0]?.span.start)}`)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('thousand programs call every builtin', () => {
  const words = new Set(
    fc.sample(programArbitrary(), { seed: 1, numRuns: 1000 }).flatMap((text) => text.match(/\w+/g) ?? []),
  );
  expect(builtins.filter(({ name }) => !words.has(name)).map(({ name }) => name)).toEqual([]);
});

test('hundred programs have all that programs are made of', () => {
  const drawn = fc.sample(programArbitrary(), { seed: 1, numRuns: 100 }).join('\n');
  const wanted = [
    ...[
      'fs f',
      'string f',
      'int f',
      'option::run f',
      'option::copy f',
      'pipeline f',
      'variadic string',
      'variadic fs',
      'variadic option::run',
    ],
    ...[
      ' as bound',
      ' as (target bound',
      ' as pushed',
      ' as (digest pushed',
      'stage ',
      'pipeline {',
      'option::run {',
      'with option {',
      'fs { ',
      'string { ',
      'int { ',
      '${',
    ],
    ...['<<END', '<<-END', '<<~END', '<<-`END', '`', 'format', 'template', 'local "', 'run "/bin/sh" "-c"', 'mount '],
    ...[
      'readonly',
      'tmpfs',
      'cache(',
      'secret ',
      'copy ',
      'includePatterns',
      'merge ',
      'diff ',
      'rm ',
      'mkfile ',
      'env ',
    ],
  ];
  expect(wanted.filter((word) => !drawn.includes(word))).toEqual([]);
});
