import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtins } from '@hlb/checker';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Programs that run on a real engine, whose effects are looked at from outside. */
function programs(): string {
  const files = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--', '*.engine.test.ts', 'examples/*/build.hlb'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  return files
    .trim()
    .split('\n')
    .map((name) => readFileSync(join(root, name), 'utf8'))
    .join('\n');
}

test('every builtin is used by a program that runs on an engine', () => {
  const text = programs();
  // As a statement, an argument, after `with`, or as the first of options; `shell` says that it is not there.
  const unused = builtins
    .map(({ name }) => name)
    .filter((name) => name !== 'shell' && !new RegExp(`(\\\\t|\\t|\\n|[ (\`'{\\[]|with )${name}\\b`).test(text));
  expect(unused).toEqual([]);
});
