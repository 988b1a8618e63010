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
const [source] = blocks.filter(({ language }) => language === 'ts');
const [before = '', after = ''] = blocks.filter(({ language }) => language === 'ir').map(({ text }) => text);

describe('the guide to writing passes', () => {
  let folder: string;
  let pass: Pass;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hlb-guide-'));
    const entry = join(folder, 'registry-mirror.ts');
    writeFileSync(entry, source?.text ?? '');
    const outfile = join(folder, 'registry-mirror.mjs');
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['@hlb/source'],
      alias: { '@hlb/ir': join(import.meta.dirname, '../index.ts') },
    });
    pass = (await import(pathToFileURL(outfile).href)).default;
  });

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
