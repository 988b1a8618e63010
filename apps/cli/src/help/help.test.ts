import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli } from '../../../../tests/support/cli.js';
import type { HelpPage } from './page.js';
import { pageText } from './page-text.js';

const docs = join(import.meta.dirname, '..', '..', '..', '..', 'docs');

test('alone it lists commands and topics', async () => {
  const { code, stdout, stderr } = await cli(['help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('hlb [options] [command]');
  expect(stdout).toMatch(/^ {2}configuration +Configuration$/m);
});

test('a command, and one below a command', async () => {
  expect((await cli(['help', 'check'])).stdout).toBe((await cli(['check', '--help'])).stdout);
  expect((await cli(['help', 'module', 'tree'])).stdout).toBe((await cli(['module', 'tree', '--help'])).stdout);
  expect((await cli(['help', 'mod', 'tree'])).stdout).toBe((await cli(['module', 'tree', '--help'])).stdout);
});

test('a builtin with the name of a command', async () => {
  expect((await cli(['help', 'run'])).stdout).toContain('The builtin: hlb help builtin/run');
  expect((await cli(['help', 'builtin/run'])).stdout).toContain('fs run(variadic string');
});

test('every page of the documentation fits 80 columns, but for its code', async () => {
  const names = readdirSync(join(docs, 'diagnostics')).map((name) => name.replace('.md', ''));
  const builtins = readdirSync(join(docs, 'language', 'builtins')).map((name) => `builtin/${name.replace('.md', '')}`);
  for (const name of [...names, ...builtins, 'language', 'syntax', 'configuration', 'ir']) {
    if (name.endsWith('index')) continue;
    const { code, stdout } = await cli(['help', name]);
    expect(code, name).toBe(0);
    const wide = stdout.split('\n').filter((line) => line.length > 80 && !line.startsWith('    '));
    expect(wide, name).toEqual([]);
  }
});

test.each([
  ['cpoy', /Did you mean hlb help copy\?/],
  ['HLB9999', /there is no help for "HLB9999"/],
])('what there is no page for: %s', async (topic, message) => {
  const { code, stdout, stderr } = await cli(['help', topic]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

describe('the layout', () => {
  const page: HelpPage = {
    name: 'x',
    group: 'topic',
    title: 'X',
    blocks: [
      { kind: 'heading', level: 1, text: 'The `x`' },
      { kind: 'text', text: 'A line that is longer than forty columns is broken.' },
      { kind: 'item', depth: 0, text: 'first of a list, and this one is long as well' },
      { kind: 'item', depth: 1, text: 'below it' },
      { kind: 'code', text: 'fs default() {\n\n\tscratch\n}' },
      { kind: 'table', rows: [['`name`', 'text', 'what it is']] },
    ],
  };

  test('plain', () =>
    expect(pageText(page, { width: 40, color: false })).toBe(`The \`x\`

A line that is longer than forty columns
is broken.

- first of a list, and this one is long
  as well
  - below it

    fs default() {

        scratch
    }

  \`name\`
      text; what it is
`));

  test('in colour, code is coloured and has no backticks', () => {
    const text = pageText(page, { width: 40, color: true });
    expect(text).toContain('\u001b[36mname\u001b[39m');
    expect(text).not.toContain('`name`');
  });
});
