import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const library = fileURLToPath(new URL('..', import.meta.url));
const binaries = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

let fresh = '';
beforeAll(() => {
  fresh = mkdtempSync(join(tmpdir(), 'hlb-proto-'));
  execFileSync(join(binaries, 'buf'), ['generate', '--output', fresh], {
    cwd: library,
    env: { ...process.env, PATH: `${binaries}${delimiter}${process.env['PATH'] ?? ''}` },
  });
});
afterAll(() => rmSync(fresh, { recursive: true, force: true }));

test('generating again gives the committed files', () => {
  const committed = join(library, 'src/generated');
  const generated = join(fresh, 'src/generated');
  const names = filesBelow(generated);
  expect(filesBelow(committed)).toEqual(names);
  for (const name of names) {
    expect(readFileSync(join(committed, name), 'utf8') === readFileSync(join(generated, name), 'utf8'), name).toBe(
      true,
    );
  }
});

test('every protocol of the package has its subpath, and every subpath its file', () => {
  const manifest: { exports: Record<string, { '@hlb/source': string }> } = JSON.parse(
    readFileSync(join(library, 'package.json'), 'utf8'),
  );
  const exported = Object.values(manifest.exports).map((entry) => entry['@hlb/source']);
  const wellKnown = filesBelow(join(library, 'src/generated')).filter((name) => name.startsWith('google/'));
  const generated = filesBelow(join(library, 'src/generated')).filter((name) => !name.startsWith('google/'));
  expect(exported.sort()).toEqual(['./src/index.ts', ...generated.map((name) => `./src/generated/${name}`)].sort());
  const index = readFileSync(join(library, 'src/index.ts'), 'utf8');
  for (const name of wellKnown) {
    expect(index).toContain(`./generated/${name.replace(/\.ts$/, '.js')}`);
  }
});
