import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '@hlb/checker';
import { sourceFile } from '@hlb/diagnostics';
import { printModule } from '@hlb/ir';
import { parse } from '@hlb/parser';
import { expect, test } from 'vitest';
import { compileText, shown } from '../../../../tests/support/compile-text.js';
import type { ModuleInstance } from '../index.js';

const fixtures = join(import.meta.dirname, 'fixtures/dedupe-locals');

/** The module that a program may import as `kit`. */
function kitOf(folder: string): ReadonlyMap<string, ModuleInstance> {
  const path = join(folder, 'lib/kit.hlb');
  if (!existsSync(path)) return new Map();
  const { module } = parse(sourceFile('lib/kit.hlb', readFileSync(path, 'utf8')));
  return new Map([['kit', { checked: check(module), directory: 'lib', imports: new Map() }]]);
}

// On a host at /work, on which `link` is a link to `app`.
test.each(readdirSync(fixtures))('%s', async (name) => {
  const folder = join(fixtures, name);
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const result = await compileText(read('program.hlb'), {
    sessionId: 'session',
    loadedModules: kitOf(folder),
    host: { path: async (path) => ({ kind: 'directory', realPath: path === '/work/link' ? '/work/app' : path }) },
  });
  expect(result.diagnostics.map(shown)).toEqual([]);
  for (const [pass, file] of [
    ['check-values', 'before.ir'],
    ['dedupe-locals', 'after.ir'],
  ] as const) {
    const module = result.irAfter(pass);
    expect(module && printModule(module, { origins: false }), file).toBe(read(file));
  }
  const directories = result.plan?.steps.flatMap(({ session }) => session.directories) ?? [];
  const distinct = new Set(directories.map(({ path, include, exclude }) => JSON.stringify([path, include, exclude])));
  expect(new Set(directories.map((each) => each.name)).size).toBe(distinct.size);
});
