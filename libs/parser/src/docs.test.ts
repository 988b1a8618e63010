import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFile } from '@hlb/diagnostics';
import { describe, expect, test } from 'vitest';
import { parse, visit } from './index.js';

const page = readFileSync(join(import.meta.dirname, '../../../docs/language/syntax.md'), 'utf8');
const examples = [...page.matchAll(/^```hlb\n(.*?)^```$/gms)].map((match) => match[1] ?? '');

describe('docs/language/syntax.md', () => {
  test.each(examples)('example %#: %j', (example) => {
    expect(parse(sourceFile('syntax.md', example)).diagnostics).toEqual([]);
  });

  test('shows every part of the language', () => {
    const shown = new Set<string>();
    for (const example of examples) {
      visit(parse(sourceFile('syntax.md', example)).module, {
        enter(node) {
          shown.add(node.kind);
          return true;
        },
      });
    }
    const missing = [
      'import',
      'export',
      'func',
      'field',
      'call-stmt',
      'expr-stmt',
      'with',
      'bind',
      'bind-item',
      'func-lit',
      'int',
    ];
    missing.push('string', 'escape', 'interpolation', 'heredoc', 'call', 'args', 'comment');
    expect(missing.filter((kind) => !shown.has(kind))).toEqual([]);
  });
});
