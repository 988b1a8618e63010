import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/configuration.md'), 'utf8');
const blocks = new Map([...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, name = '', text = '']) => [name, text]));

/** Packages as the page names them, installed. */
const installed = {
  'node_modules/hlb-pass-policy/package.json': '{ "name": "hlb-pass-policy", "exports": "./index.mjs" }',
  'node_modules/hlb-pass-policy/index.mjs': passOf('policy'),
  'node_modules/hlb-pass-pin-images/package.json': '{ "name": "hlb-pass-pin-images", "exports": "./index.mjs" }',
  'node_modules/hlb-pass-pin-images/index.mjs': passOf('pin-images'),
  'node_modules/@hlb/ir/package.json': '{ "name": "@hlb/ir", "exports": "./index.mjs" }',
  'node_modules/@hlb/ir/index.mjs':
    'export const definePass = (pass) => pass;\nexport const placeOf = ({ origins: [origin] }, text) => ({ at: text.at ?? origin.span });',
  'package.json': '{ "type": "module" }',
  'passes/labels.js': passOf('labels'),
  'build.hlb': 'fs default() {\n\timage "alpine"\n\tuser "root"\n\trun "make"\n}\n',
};

function passOf(name: string): string {
  const schema = "{ '~standard': { version: 1, vendor: 'x', validate: (value) => ({ value }) } }";
  return `export default { name: '${name}', options: ${schema}, run: (module) => module };\n`;
}

describe('docs/configuration.md', () => {
  test('shows a configuration that counts, and what it says of passes', async () => {
    const cwd = await folderWith({ ...installed, 'hlb.config.json': blocks.get('json') ?? '' });
    const { code, stdout, stderr } = await cli(['passes'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^dedupe-locals [\s\S]*^labels [\s\S]*^share-values [\s\S]*^policy /m);
    const lint = await cli(['lint', 'build.hlb'], { cwd });
    expect(lint.stderr).toMatch(/error HLB04\d\d: .*alpine/);
    const llb = await cli(['dump', '--offline', '--stage', 'llb', '--json'], { cwd });
    expect(llb.stdout).toContain('arm64');
  });

  test('shows a module with a pass that does what its name says', async () => {
    const cwd = await folderWith({ ...installed, 'hlb.config.ts': blocks.get('ts') ?? '' });
    const { code, stderr } = await cli(['dump', '--offline', '--stage', 'ir'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/later commands run as root[\s\S]*build\.hlb:3:7/);
    expect((await cli(['passes'], { cwd })).stdout).toMatch(/^no-root +optional, from hlb\.config\.ts$/m);
  });

  test('has a row for each key that is accepted', async () => {
    const table = page.slice(page.indexOf('| key | value |'), page.indexOf('Flags win'));
    const named = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, names = '']) => names.match(/[\w.[\]]+/g) ?? []);
    const leaf = (key: string): string => key.split('.').at(-1) ?? key;
    for (const [outer, prefix] of [
      ['run', 'run.'],
      ['passes', 'passes[].'],
      ['lint', 'lint.'],
    ] as const) {
      const value = outer === 'passes' ? [{ zzz: 1 }] : { zzz: 1 };
      const cwd = await folderWith({ 'hlb.config.json': JSON.stringify({ [outer]: value }) });
      const { stderr } = await cli(['passes'], { cwd });
      const known = /Keys: (.*)\.$/m.exec(stderr)?.[1]?.split(', ') ?? [];
      expect(known.length).toBeGreaterThan(0);
      expect(
        named
          .filter((key) => key.startsWith(prefix))
          .map(leaf)
          .sort(),
      ).toEqual([...known].sort());
    }
  });
});
