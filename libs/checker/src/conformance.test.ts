import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, sourceFile } from '@hlb/diagnostics';
import { parse } from '@hlb/parser';
import { describe, expect, test } from 'vitest';
import { type ConformanceCase, conformanceCases } from '../../../tests/support/conformance.js';
import { check } from './check/check.js';
import { checkReferences, interfaceOf } from './check/references.js';
import type { CheckedModule, ModuleInterface } from './checked.js';
import { constantText } from './values/constant-text.js';

interface ExpectedSpan {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly role: 'primary' | 'secondary' | 'position';
  readonly suggests?: string;
}

interface ExpectedDiagnostic {
  readonly problem: string;
  readonly name?: string;
  readonly spans: readonly ExpectedSpan[];
}

/** A module with all that it imports by literal paths, checked. */
class Program {
  readonly diagnostics: Diagnostic[] = [];
  readonly blocking: Diagnostic[] = [];
  readonly #modules = new Map<string, CheckedModule>();
  readonly #folder: string;

  constructor(folder: string, file: string, targets: readonly string[]) {
    this.#folder = folder;
    const checked = this.load(file);
    if (checked === undefined) throw new Error(`${folder} has no ${file}`);
    this.diagnostics.push(...checked.early);
    this.blocking.push(...this.diagnostics.filter((d) => d.severity === 'error' && !checked.early.includes(d)));
    this.blocking.push(...checked.blocking(targets));
  }

  load(file: string): CheckedModule | undefined {
    const known = this.#modules.get(file);
    if (known !== undefined) return known;
    const path = join(this.#folder, file);
    if (!existsSync(path)) return undefined;
    const parsed = parse(sourceFile(file, readFileSync(path, 'utf8')));
    const checked = check(parsed.module);
    this.#modules.set(file, checked);
    this.diagnostics.push(...parsed.diagnostics, ...checked.diagnostics);
    const interfaces = new Map<string, ModuleInterface>();
    for (const { name, decl } of checked.imports) {
      const text = constantText(decl.expr);
      const module = text === undefined ? undefined : this.load(join(file, '..', text));
      if (module !== undefined) interfaces.set(name, interfaceOf(module));
    }
    this.diagnostics.push(...checkReferences(checked, interfaces));
    return checked;
  }

  get errors(): readonly Diagnostic[] {
    return this.diagnostics.filter((found) => found.severity === 'error');
  }
}

function open({ folder, expect: expected }: ConformanceCase): Program {
  const options = expected.options as { file?: string } | undefined;
  const targets = (expected.targets as string[] | undefined) ?? [(expected.target as string | undefined) ?? 'default'];
  return new Program(folder, options?.file ?? 'program.hlb', targets);
}

/** Columns of the data count code points, those of files UTF-16 units. */
function place(file: Diagnostic['labels'][number]['span'], offset: number): string {
  const { line, column } = file.file.position(offset);
  const start = file.file.lineStarts()[line - 1] ?? 0;
  return `${line}:${[...file.file.text.slice(start, start + column - 1)].length + 1}`;
}

function labelPlaces(found: Diagnostic): readonly string[] {
  return found.labels.map(({ span }) => {
    if (span.file.name === '<builtin>') return '<builtin>';
    return `${span.file.name}:${place(span, span.start)}-${place(span, span.end)}`;
  });
}

function expectedPlace(span: ExpectedSpan): string {
  if (span.file === '<builtin>') return '<builtin>';
  return `${span.file}:${span.line}:${span.column}-${span.endLine}:${span.endColumn}`;
}

/** What the checker alone can find: all but what depends on files, the host or the arguments of targets. */
const FOUND_WHEN_EVALUATED = new Set([
  'error-codegen/deep-backtrace',
  'error-codegen/empty-file',
  'error-codegen/local-run-fails',
  'error-codegen/missing-local',
  'error-codegen/missing-secret',
  'error-codegen/target-needs-arguments',
  'error-codegen/template-syntax',
  'error-codegen/undefined-target',
  'error-import/bad-scheme',
  'error-import/import-cycle',
  'error-import/missing-file',
  'error-import/module-syntax-error',
]);

/** Programs that the original cannot compile, and that have nothing wrong. */
const CORRECT_HERE = new Set(['error-codegen/user-variadic']);

const compiled = conformanceCases().filter(
  ({ area, expect: expected }) => expected.mode === undefined && area !== 'error-parse',
);

describe('programs with known errors', () => {
  const wrong = compiled.filter(
    ({ name, expect: expected }) =>
      (expected.diagnostics !== undefined || expected.referenceBug !== undefined) &&
      (/^error-/.test(name) || expected.stage === 'semantic' || expected.stage === 'check') &&
      !FOUND_WHEN_EVALUATED.has(name) &&
      !CORRECT_HERE.has(name),
  );

  test('are found in the data', () => {
    expect(wrong.length).toBeGreaterThan(40);
  });

  test.each(wrong.map((c) => [c.name, c] as const))('%s', (_, one) => {
    const { errors } = open(one);
    const expected = (one.expect.diagnostics as readonly ExpectedDiagnostic[] | undefined) ?? [];
    expect(errors.length).toBeGreaterThan(0);
    for (const { spans } of expected) {
      const places = spans.map(expectedPlace);
      // One diagnostic holds all places of one of the data, so that they are drawn together.
      const holders = errors.filter((found) => {
        const own = labelPlaces(found);
        return places.every((p) => own.includes(p));
      });
      expect(holders, `no diagnostic has the places ${places.join(', ')}`).not.toEqual([]);
      for (const span of spans) {
        if (span.suggests === undefined) continue;
        const texts = holders.flatMap((found) => found.labels.map((label) => label.message)).join('\n');
        expect(texts).toContain(`\`${span.suggests}\``);
      }
    }
  });
});

describe('correct programs', () => {
  const correct = compiled.filter(
    ({ name, expect: expected }) =>
      (expected.stage === undefined && expected.referenceBug === undefined) || CORRECT_HERE.has(name),
  );

  test('are found in the data', () => {
    expect(correct.length).toBeGreaterThan(80);
  });

  test.each(correct.map((c) => [c.name, c] as const))('%s', (_, one) => {
    const { blocking } = open(one);
    expect(blocking.map((found) => `${found.code} ${found.message}`)).toEqual([]);
  });
});
