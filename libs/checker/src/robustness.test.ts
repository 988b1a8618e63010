import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, diagnosticsToJson, sourceFile } from '@hlb/diagnostics';
import { renderDiagnostic } from '@hlb/diagnostics/render';
import { parse } from '@hlb/parser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conformanceCases } from '../../../tests/support/conformance.js';
import { check } from './check/check.js';
import { lint } from './lint/lint.js';
import { lintRules } from './lint/rules.js';

const programs = conformanceCases()
  .map(({ folder }) => join(folder, 'program.hlb'))
  .filter((path) => existsSync(path))
  .map((path) => readFileSync(path, 'utf8'));

const everyRule = Object.fromEntries(lintRules.map((rule) => [rule.code, 'warning'] as const));

/** Everything that is said of a text, which may be anything. */
function say(text: string): readonly Diagnostic[] {
  const { module, diagnostics } = parse(sourceFile('build.hlb', text));
  const checked = check(module, { syntax: diagnostics });
  const found = lint(checked, { rules: everyRule });
  return [...diagnostics, ...checked.diagnostics, ...checked.early, ...checked.blocking(['default']), ...found];
}

function expectWellFormed(found: readonly Diagnostic[]): void {
  for (const one of found) {
    expect(one.message).not.toMatch(/undefined|\.$/);
    expect(one.labels.filter((label) => label.primary)).toHaveLength(1);
    expect(one.labels[0]?.primary).toBe(true);
    for (const { span } of one.labels) {
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(span.file.text.length);
    }
    renderDiagnostic(one);
  }
  diagnosticsToJson(found);
}

/** A known program with some of its text cut, doubled, or replaced by that of another. */
const mutant = fc
  .tuple(
    fc.constantFrom(...programs),
    fc.array(fc.tuple(fc.nat(2000), fc.nat(14), fc.constantFrom(...programs), fc.nat(2000), fc.nat(3)), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([program, changes]) => {
    let text = program;
    for (const [at, length, other, from, how] of changes) {
      const start = at % (text.length + 1);
      const end = Math.min(text.length, start + length);
      const piece = other.slice(from % (other.length + 1)).slice(0, length);
      if (how === 0) text = text.slice(0, start) + text.slice(end);
      else if (how === 1) text = text.slice(0, end) + text.slice(start);
      else text = text.slice(0, start) + piece + text.slice(how === 2 ? start : end);
    }
    return text;
  });

describe('whatever the text is, there are diagnostics and no exceptions', () => {
  test('for programs with changes', () => {
    fc.assert(
      fc.property(mutant, (text) => expectWellFormed(say(text))),
      { numRuns: 1500 },
    );
  });

  test('for random texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => expectWellFormed(say(text))),
      { numRuns: 500 },
    );
  });

  test('for calls, literals and interpolations within each other', () => {
    for (const depth of [10, 1000, 20_000]) {
      say(`fs default() { copy ${'f('.repeat(depth)}"x"${')'.repeat(depth)} "/" "/" }`);
      say(`fs default() { copy ${'fs { copy '.repeat(depth)}scratch "/" "/"${'; } "/" "/"'.repeat(depth)} }`);
      say(`string a() { ${'"${'.repeat(depth)}b${'}"'.repeat(depth)} }`);
    }
  });

  test('for chains of functions as long as the program', () => {
    const count = 20_000;
    const link = (i: number): string => `fs f${i}(fs x) {\n\tcopy f${i + 1}(x) "/" "/"\n}\n`;
    const chain = Array.from({ length: count }, (_, i) => link(i)).join('\n');
    const text = `${chain}\nfs f${count}(fs x) {\n\tx\n}\n\nfs default() {\n\tf0 fs { image "Not A Ref!"; }\n}\n`;
    const { module } = parse(sourceFile('build.hlb', text));
    expect(
      check(module)
        .blocking(['default'])
        .map((found) => found.code),
    ).toEqual(['HLB0504']);
    expect(lint(check(module)).filter((found) => found.severity !== 'info')).toEqual([]);
  });
});
