import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, diagnosticRows, sourceFile } from '@hlb/diagnostics';
import { parse } from '@hlb/parser';
import { describe, expect, test } from 'vitest';
import { conformanceCases } from '../../../../tests/support/conformance.js';
import { check } from '../check/check.js';
import { fixedAndFormatted } from './apply-fixes.js';
import { type LintConfig, lint } from './lint.js';
import { lintRules } from './rules.js';

function findings(text: string, config?: LintConfig): readonly string[] {
  return open(text, config).map(({ code, severity, labels }) => {
    const at = labels[0]?.span;
    const { line, column } = at?.file.position(at.start) ?? { line: 0, column: 0 };
    return `${severity} ${code} ${line}:${column}`;
  });
}

function open(text: string, config?: LintConfig): readonly Diagnostic[] {
  return lint(check(parse(sourceFile('build.hlb', text)).module), config);
}

describe('the list of rules', () => {
  test('has each code and name once, by code', () => {
    const codes = lintRules.map((rule) => rule.code);
    expect(codes).toEqual([...new Set(codes)].sort());
    expect(new Set(lintRules.map((rule) => rule.name)).size).toBe(lintRules.length);
  });

  test('has a row in the registry for each, that names the rule', () => {
    for (const { code, name } of lintRules) {
      expect(diagnosticRows.find((row) => row.code === code)?.explanation, name).toContain(`Rule \`${name}\``);
    }
    const registered = diagnosticRows.filter((row) => row.code.startsWith('HLB04')).map((row) => row.code);
    expect(registered).toEqual(lintRules.map((rule) => rule.code));
  });

  test('says what each finds, in a sentence', () => {
    for (const { description, name } of lintRules) expect(description, name).toMatch(/^[A-Z].*\.$/);
  });
});

describe('severities', () => {
  const text = 'fs f(string a) {\n\timage "alpine"\n}\n';

  test('are those of the rules by default', () => {
    expect(findings(text)).toEqual(['info HLB0411 1:13']);
  });

  test('can be set by name or by code', () => {
    expect(findings(text, { rules: { 'unused-parameter': 'error', HLB0422: 'warning' } })).toEqual([
      'error HLB0411 1:13',
      'warning HLB0422 2:8',
    ]);
    expect(findings(text, { rules: { 'unused-parameter': 'off' } })).toEqual([]);
  });

  test('by name win over those by code', () => {
    expect(findings(text, { rules: { HLB0411: 'error', 'unused-parameter': 'off' } })).toEqual([]);
  });
});

describe('comments', () => {
  test('turn off a rule for the next line, by code or by name', () => {
    expect(findings('# hlb-lint-disable-next-line HLB0402\ngroup a() {\n}\n\ngroup b() {\n}\n')).toEqual([
      'warning HLB0402 5:1',
    ]);
    expect(findings('# hlb-lint-disable-next-line deprecated-group -- as it was\ngroup a() {\n}\n')).toEqual([]);
  });

  test('turn off several', () => {
    expect(findings('# hlb-lint-disable-next-line HLB0411, HLB0402\ngroup a(string b) {\n}\n')).toEqual([]);
  });

  test('turn off a rule for the file, wherever they stand', () => {
    expect(findings('group a() {\n}\n\n# hlb-lint-disable-file HLB0402\ngroup b() {\n}\n')).toEqual([]);
  });

  test('leave other rules on', () => {
    expect(findings('# hlb-lint-disable-next-line HLB0401\ngroup a() {\n}\n')).toEqual(['warning HLB0402 2:1']);
  });
});

describe('conformance', () => {
  const cases = conformanceCases('lint').filter((one) => one.expect.mode === 'lint');

  test.each(cases.map((one) => [one.name, one] as const))('%s', (_, { folder, expect: expected }) => {
    const file = sourceFile('program.hlb', readFileSync(join(folder, 'program.hlb'), 'utf8'));
    const checked = check(parse(file).module);
    const found = lint(checked);
    const places = new Set(found.map((one) => placeOf(one)));
    const wanted = expected.lint as { spans: { line: number; column: number; endLine: number; endColumn: number }[] }[];
    for (const { spans } of wanted) {
      for (const span of spans) {
        expect(places).toContain(`${span.line}:${span.column}-${span.endLine}:${span.endColumn}`);
      }
    }
    // What the old linter does not know are other codes.
    expect(found.filter((one) => /HLB040[123]/.test(one.code))).toHaveLength(wanted.length);
    if (typeof expected.fixed === 'string') expect(fixedAndFormatted(file, found).text).toBe(expected.fixed);
    if (wanted.length === 0) expect(found.filter((one) => one.severity !== 'info')).toEqual([]);
  });
});

function placeOf({ labels }: Diagnostic): string {
  const span = labels[0]?.span;
  if (span === undefined) return '';
  const from = span.file.position(span.start);
  const to = span.file.position(span.end);
  return `${from.line}:${from.column}-${to.line}:${to.column}`;
}
