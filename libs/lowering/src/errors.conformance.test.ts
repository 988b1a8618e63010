import type { Diagnostic, Span } from '@hlb/diagnostics';
import { describe, expect, test } from 'vitest';
import { compileCase, record } from '../../../tests/support/compile-case.js';
import { type ConformanceCase, conformanceCases } from '../../../tests/support/conformance.js';

const cases = conformanceCases().filter(
  ({ area, expect: wanted }) => wanted['stage'] === 'codegen' && area !== 'import' && area !== 'error-import',
);

/** Programs that the reference refuses or gets wrong, and that mean something here. */
const accepted = new Set(cases.filter(({ expect: wanted }) => 'referenceBug' in wanted).map(({ name }) => name));

describe('programs that fail while they are compiled', () => {
  const failing = cases.filter(({ name }) => !accepted.has(name));
  test.each(failing.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    for (const level of ['O0', 'default'] as const) {
      const { result } = await compileCase(each, level);
      const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
      expect(errors).toHaveLength(1);
      const [found] = errors;
      if (found === undefined) continue;
      const [wanted] = list(each.expect['diagnostics']).map(record);
      for (const span of list(wanted?.['spans']).map(record)) expect(places(found)).toContainEqual(wantedPlace(span));
      if (list(wanted?.['spans']).length === 0) continue;
      expect(found.frames.map(({ file, start }) => ({ file: file.name, ...file.position(start) }))).toEqual(
        list(each.expect['backtrace']),
      );
    }
  });
});

describe('programs that the reference gets wrong', () => {
  test.each([...accepted])('%s', async (name) => {
    const each: ConformanceCase | undefined = cases.find((found) => found.name === name);
    if (each === undefined) return;
    const { result } = await compileCase(each);
    expect(result.diagnostics.map(({ message }) => message)).toEqual([]);
    expect(result.plan).toBeDefined();
  });
});

describe('programs whose evaluation never ends in the reference', () => {
  const endless = conformanceCases('error-codegen').filter(
    ({ expect: wanted }) => 'referenceBug' in wanted && !('diagnostics' in wanted),
  );
  test.each(endless.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const { result } = await compileCase(each);
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['HLB0503']);
    expect(result.diagnostics[0]?.message).toContain(' calls itself without end: ');
    expect(result.plan).toBeUndefined();
  });
});

function places(found: Diagnostic): readonly unknown[] {
  return found.labels.map(({ span, primary }) => ({ ...placeOf(span), role: primary ? 'primary' : 'secondary' }));
}

function placeOf({ file, start, end }: Span): Readonly<Record<string, unknown>> {
  const from = file.position(start);
  const to = file.position(end);
  return { file: file.name, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

function wantedPlace({ file, line, column, endLine, endColumn, role }: Record<string, unknown>): unknown {
  return { file, line, column, endLine, endColumn, role };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
