import { type Diagnostic, diagnosticRows, sourceFile } from '@hlb/diagnostics';
import { parse } from '@hlb/parser';
import { describe, expect, test } from 'vitest';
import { check } from './check/check.js';
import { lint } from './lint/lint.js';

/** Codes of what this library and those below it report: lexer, parser, checker, linter. */
const rows = diagnosticRows.filter(({ code }) => /^HLB0[1-4]/.test(code));

function findings(text: string): readonly Diagnostic[] {
  const { module, diagnostics } = parse(sourceFile('build.hlb', text));
  const checked = check(module);
  return [...diagnostics, ...checked.diagnostics, ...checked.early, ...lint(checked, { rules: ALL_RULES })];
}

/** Rules that are off by default have pages too. */
const ALL_RULES = Object.fromEntries(
  rows.filter(({ code }) => code.startsWith('HLB04')).map(({ code }) => [code, 'warning'] as const),
);

describe('the registry', () => {
  test('has each code once, in order', () => {
    const codes = diagnosticRows.map((row) => row.code);
    expect(codes).toEqual([...new Set(codes)]);
    const own = rows.map((row) => row.code);
    expect(own).toEqual([...own].sort());
  });

  test('says what each code means, in sentences', () => {
    for (const { code, title, explanation } of diagnosticRows) {
      expect(title, code).toMatch(/^[A-Z`].*[^.]$/);
      expect(explanation, code).toMatch(/^[A-Z`].*[.]$/s);
    }
  });

  test('has both programs or none', () => {
    for (const { code, wrong, right } of rows) expect(wrong === undefined, code).toBe(right === undefined);
  });
});

const shown = rows.flatMap(({ code, wrong, right }) =>
  wrong === undefined || right === undefined ? [] : [{ code, wrong, right }],
);

describe.each(shown)('$code', ({ code, wrong, right }) => {
  test('is found in the wrong program', () => {
    expect(findings(wrong).map((found) => found.code)).toContain(code);
  });

  test('is not found in the right program, which has no error', () => {
    const found = findings(right);
    expect(found.filter((one) => one.code === code || one.severity === 'error')).toEqual([]);
  });
});
