import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { packageRegistry } from './support/package-registry.js';
import { buildPackages, installFrom, pack, packOptional } from './support/packed.js';

const root = join(import.meta.dirname, '..');
const execute = promisify(execFile);

/** An empty folder in which the command line is installed as from a registry. */
let cwd: string;
/** Another, without the packages that are optional. */
let bare: string;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'hlb-packed-cli-'));
  await buildPackages(['apps/cli']);
  await execute(process.execPath, ['build.mjs'], { cwd: join(root, 'apps/cli') });
  bare = mkdtempSync(join(tmpdir(), 'hlb-packed-cli-bare-'));
  const tarballs = [...(await pack(cwd, ['apps/cli'])), ...(await packOptional(cwd, '@napi-rs/xattr'))];
  for (const folder of [cwd, bare]) {
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  }
  const registry = await packageRegistry(tarballs);
  try {
    await installFrom(registry.url, cwd, 'hlb');
    await installFrom(registry.url, bare, '--omit=optional', 'hlb');
  } finally {
    registry.stop();
  }
});

afterAll(() => {
  for (const folder of [cwd, bare]) rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  writeFileSync(join(cwd, 'build.hlb'), 'fs default() {\n\tscratch\n\tmkfile "/a" 0o644 "a"\n}\n');
  rmSync(join(cwd, 'hlb.config.ts'), { force: true });
});

/** Runs what was installed, as a shell does; nothing of this repository is on its way. */
async function hlb(...args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, HOME: cwd };
  try {
    return { code: 0, ...(await execute(join(cwd, 'node_modules/.bin/hlb'), args, { cwd, env })) };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return {
      code: error.code,
      stdout: String(Reflect.get(error, 'stdout')),
      stderr: String(Reflect.get(error, 'stderr')),
    };
  }
}

/** A configuration that asks for a platform in the way that the documentation tells. */
function configure(platform: string): void {
  const text = `import { defineConfig } from 'hlb/config';\n\nexport default defineConfig({ run: { platform: ${platform} } });\n`;
  writeFileSync(join(cwd, 'hlb.config.ts'), text);
}

test('the version is the one that was packed', async () => {
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'apps/cli/package.json'), 'utf8'));
  const { code, stdout } = await hlb('--version');
  expect(code).toBe(0);
  expect(stdout).toContain(version);
});

test('what is optional is where the bundle looks for it, and may be left out', async () => {
  const names = (folder: string) => readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  expect(names(cwd).sort()).toEqual(['@napi-rs', 'hlb']);
  expect(names(bare)).toEqual(['hlb']);
  const bundle = createRequire(join(cwd, 'node_modules/hlb/dist/hlb.cjs'));
  expect(bundle('@napi-rs/xattr')).toHaveProperty('listAttributesSync');
  writeFileSync(join(bare, 'build.hlb'), 'fs default() {\n\tlocal "."\n}\n');
  const { stdout } = await execute(join(bare, 'node_modules/.bin/hlb'), ['dump', '--stage', 'plan', '--offline'], {
    cwd: bare,
  });
  expect(stdout).toContain('local');
});

test('pages of help are there', async () => {
  const { code, stdout } = await hlb('help', 'copy');
  expect(code).toBe(0);
  expect(stdout).toContain('copy');
  expect(stdout.split('\n').length).toBeGreaterThan(10);
  expect((await hlb('help', 'HLB0204')).stdout).toContain('HLB0204');
});

test('programs are checked, and formatted', async () => {
  expect(await hlb('check', 'build.hlb')).toMatchObject({ code: 0, stdout: '' });
  writeFileSync(join(cwd, 'build.hlb'), 'fs default() {\n\tscrach\n}\n');
  const { code, stderr } = await hlb('check', 'build.hlb');
  expect(code).toBe(1);
  expect(stderr).toContain('scratch');
  expect((await hlb('format', '--check', 'build.hlb')).code).toBe(0);
});

test('a configuration in TypeScript imports hlb/config, and is heeded', async () => {
  configure("'linux/s390x'");
  const { code, stdout, stderr } = await hlb('dump', '--stage', 'plan', '--offline');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('linux/s390x');
  configure('7');
  const wrong = await hlb('dump', '--stage', 'plan', '--offline');
  expect(wrong.code).not.toBe(0);
  expect(wrong.stderr).toContain('hlb.config.ts');
});

test('hlb/config has its types', async () => {
  const options = ['--noEmit', '--module', 'nodenext', '--target', 'es2023', '--strict', '--types', 'node'];
  const tsc = () =>
    execute(
      join(root, 'node_modules/.bin/tsc'),
      [...options, '--typeRoots', join(root, 'node_modules/@types'), 'hlb.config.ts'],
      { cwd },
    );
  configure("'linux/s390x'");
  await tsc();
  configure('7');
  await expect(tsc()).rejects.toMatchObject({ stdout: expect.stringContaining('hlb.config.ts(3') });
});

test('nothing but what runs and its types is packed', () => {
  const packed = readdirSync(join(cwd, 'node_modules/hlb'), { recursive: true, encoding: 'utf8' });
  expect(packed.filter((path) => /\.test\.|\.tsbuildinfo$|fixtures/.test(path))).toEqual([]);
  expect(existsSync(join(cwd, 'node_modules/hlb/dist/config.d.mts'))).toBe(true);
});
