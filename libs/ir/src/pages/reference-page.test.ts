import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { invariants, opRows, printModule, runOptionRows } from '../index.js';
import { readIr } from '../testing/ir-text.js';
import { referencePage } from './reference-page.js';

const docs = join(import.meta.dirname, '../../../../docs');

describe('the reference page', () => {
  test('is as `npm run generate:docs` makes it', () => {
    expect(readFileSync(join(docs, 'ir.md'), 'utf8')).toBe(referencePage());
  });

  test('has a section for every op and option, and a row for every invariant', () => {
    const page = referencePage();
    for (const { kind } of [...opRows, ...runOptionRows]) expect(page).toContain(`### \`${kind}\``);
    for (const { code, statement } of invariants) expect(page).toContain(`| ${code} | ${statement} |`);
  });

  test('shows a text that is one', () => {
    const [, example = ''] = /```\n(%0[\s\S]*?)```/.exec(referencePage()) ?? [];
    expect(printModule(readIr(example))).toBe(example);
  });
});
