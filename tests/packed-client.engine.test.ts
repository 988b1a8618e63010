import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPackages, npm, pack, packOptional } from './support/packed.js';
import { testEngine } from './support/test-engine.js';
import { hasUserXattrs } from './support/xattrs.js';

const root = join(import.meta.dirname, '..');
const execute = promisify(execFile);

/** An empty folder in which the client is installed as from a registry. */
let cwd: string;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'hlb-packed-client-'));
  await buildPackages(['libs/buildkit']);
  const tarballs = [...(await pack(cwd, ['libs/buildkit'])), ...(await packOptional(cwd, '@napi-rs/xattr'))];
  writeFileSync(join(cwd, 'package.json'), '{ "private": true, "type": "module" }');
  await npm(cwd, 'install', '--cache', join(cwd, 'cache'), ...tarballs);
});

afterAll(() => rmSync(cwd, { recursive: true }));

/** The README's first example, and a call of it. Tells also how many threads that took. */
function program(): string {
  const example = readFileSync(join(root, 'libs/buildkit/src/fixtures/readme-build.ts'), 'utf8');
  return `${example}
let threads = 0;
process.on('worker', () => {
  threads += 1;
});
console.log(await build('src', 'out', process.argv[2]), threads);
`;
}

test('a program in TypeScript is checked and runs with what was installed', async () => {
  mkdirSync(join(cwd, 'src'));
  for (const name of ['a.txt', 'b.md']) writeFileSync(join(cwd, 'src', name), name);
  writeFileSync(join(cwd, 'program.ts'), program());
  const options = ['--module', 'nodenext', '--target', 'es2023', '--strict', '--types', 'node'];
  const types = ['--typeRoots', join(root, 'node_modules/@types')];
  await execute(join(root, 'node_modules/.bin/tsc'), [...options, ...types, 'program.ts'], { cwd });
  const run = async () => {
    rmSync(join(cwd, 'out'), { recursive: true, force: true });
    const { stdout } = await execute(process.execPath, ['program.js', testEngine().address], { cwd });
    expect(stdout).toBe('1 1\n'); // files, threads
    expect(readdirSync(join(cwd, 'out'))).toEqual(['a.txt']);
  };
  await run();
  const xattr: typeof import('@napi-rs/xattr') = createRequire(join(cwd, 'program.js'))('@napi-rs/xattr');
  const file = join(cwd, 'src/a.txt');
  if (hasUserXattrs()) {
    xattr.setAttributeSync(file, 'user.x', 'x');
    writeFileSync(file, 'changed'); // engines don't compare attributes
    await run();
    expect(xattr.getAttributeSync(join(cwd, 'out/a.txt'), 'user.x')?.toString()).toBe('x');
  }
  // The package that has the calls may be missing.
  rmSync(join(cwd, 'node_modules/@napi-rs'), { recursive: true });
  await run();
});
