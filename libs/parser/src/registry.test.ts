import { type DiagnosticRow, diagnosticRows, sourceFile } from '@hlb/diagnostics';
import { describe, expect, test } from 'vitest';
import { MAX_DEPTH, parse } from './index.js';

const rows = diagnosticRows.filter((row) => /^HLB0[12]/.test(row.code));

describe('the rows of lexer and parser', () => {
  test.each(rows.filter((row) => row.wrong !== undefined))(
    '$code: the wrong program gets it, alone',
    (row: DiagnosticRow) => {
      const { diagnostics } = parse(sourceFile('wrong.hlb', row.wrong ?? ''));
      expect(diagnostics.map((found) => found.code)).toEqual([row.code]);
    },
  );

  test.each(rows.filter((row) => row.right !== undefined))(
    '$code: the right program is right',
    (row: DiagnosticRow) => {
      expect(parse(sourceFile('right.hlb', row.right ?? '')).diagnostics).toEqual([]);
    },
  );

  test('HLB0217: nesting that is too deep', () => {
    const deep = `fs f() { copy ${'fs { copy '.repeat(MAX_DEPTH)}a${' }'.repeat(MAX_DEPTH)} }\n`;
    const { diagnostics } = parse(sourceFile('deep.hlb', deep));
    expect(diagnostics.map((found) => found.code)).toEqual(['HLB0217']);
  });

  test('each row has two programs, or is shown by a test of its own', () => {
    const without = rows.filter((row) => row.wrong === undefined || row.right === undefined).map((row) => row.code);
    expect(without).toEqual(['HLB0217']);
  });
});
