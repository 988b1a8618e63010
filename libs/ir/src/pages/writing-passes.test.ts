import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { factKinds, type Pass } from '../index.js';
import { applyPass, checkPass, formatIr } from '../testing/index.js';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/passes/writing-passes.md'), 'utf8');
const blocks = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language = '', text = '']) => ({
  language,
  text,
}));
const sources = blocks.filter(({ language }) => language === 'ts').map(({ text }) => text);
const source = sources.find((text) => text.includes("name: 'registry-mirror'")) ?? '';
const settings = sources.find((text) => text.includes("name: 'build-settings'")) ?? '';
const [before = '', after = ''] = blocks.filter(({ language }) => language === 'ir').map(({ text }) => text);

describe('the guide to writing passes', () => {
  let folder: string;
  let pass: Pass;
  let buildSettings: Pass;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hlb-guide-'));
    pass = (await load('registry-mirror', source)).default;
    buildSettings = (await load('build-settings', settings)).buildSettings;
  });

  /** What a module of the page exports. */
  async function load(name: string, text: string) {
    const entry = join(folder, `${name}.ts`);
    writeFileSync(entry, text);
    const outfile = join(folder, `${name}.mjs`);
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['@hlb/source'],
      alias: { '@hlb/ir': join(import.meta.dirname, '../index.ts') },
    });
    return import(pathToFileURL(outfile).href);
  }

  afterAll(() => rmSync(folder, { recursive: true }));

  test('shows a pass that does what the page says', async () => {
    const result = await applyPass(pass, before, { passOptions: { to: 'mirror.example/hub' } });
    expect(result.text).toBe(formatIr(after));
    expect(after).toBe(formatIr(after));
    expect(result.diagnostics).toEqual([]);
    expect(result.stats).toEqual([{ name: 'images of docker.io', before: 1, after: 0 }]);
  });

  test('shows a pass that holds the check it recommends', async () => {
    await checkPass(pass, { passOptions: { to: 'mirror.example/hub' } });
  });

  test('shows a pass that inserts ops before and after others, and options', async () => {
    const text = '%0 = image "alpine"\n%1 = run %0 ["make"]\ntarget "default" = solve %1\n';
    expect((await applyPass(buildSettings, text)).text).toBe(
      formatIr(`
        %0 = image "alpine"
        %1 = env %0 "CI" "1"
        %2 = scratch
        %3 = run %1 ["make"] { mount %2 "/var/cache/packages" cache=("packages", "locked") }
        target "default" = solve %3
      `),
    );
    await checkPass(buildSettings);
  });

  test('names only what there is', async () => {
    const api: Record<string, unknown> = await import('../index.js');
    const table = page.slice(page.indexOf('## What passes do most'), page.indexOf('export const buildSettings'));
    const called = [...table.matchAll(/`[^`]*`/g)].flatMap(([code]) => code.match(/(?<![.\w])[a-zA-Z]+(?=\()/g) ?? []);
    expect(called.length).toBeGreaterThan(8);
    expect([...new Set(called)].filter((name) => name !== 'f' && !(name in api))).toEqual([]);
  });

  test('shows a pass that reports', async () => {
    const passOptions = { to: 'm' };
    const { diagnostics } = await applyPass(pass, '%0 = image "docker.io/acme/base"', { passOptions });
    expect(diagnostics.map(({ message, severity }) => [message, severity])).toEqual([
      ['docker.io/acme/base has no tag', 'warning'],
    ]);
  });

  test('lists every kind of fact', () => {
    const table = page.slice(page.indexOf('| fact | answer |'), page.indexOf('## Where it stands'));
    const named = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, names = '']) => names.match(/[\w-]+/g) ?? []);
    expect(named.sort()).toEqual([...factKinds].sort());
  });
});
