import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '@hlb/checker';
import { type Diagnostic, type Span, sourceFile } from '@hlb/diagnostics';
import { hostFacts, joinFacts, offlineEngineFacts, offlineStepFacts, type StepFacts } from '@hlb/facts';
import { dumpLlb } from '@hlb/lowering';
import { parse } from '@hlb/parser';
import { describe, expect, test } from 'vitest';
import { record } from '../../../tests/support/compile-case.js';
import { type ConformanceCase, conformanceCases } from '../../../tests/support/conformance.js';
import { masked, normal } from '../../../tests/support/masked-llb.js';
import { compileWithModules } from './compile.js';
import { loadModules } from './load.js';
import { printTree } from './tree.js';

const cases = conformanceCases('import', 'error-import').map((each) => [each.name, each] as const);

/** What an engine would read of the only module of the cases that has to be built. */
const built = new Map<string, string>([
  ['import/from-filesystem', 'export it\n\nfs it() {\n\tscratch\n\tmkfile "/remote" 0o644 "from the solved module"\n}'],
  ['import/local-inside-filesystem-module', 'export it\n\nfs it() {\n\tlocal "data.txt"\n}'],
]);

function factsOf({ name, folder }: ConformanceCase): ReturnType<typeof joinFacts> {
  const steps: StepFacts = { ...offlineStepFacts(), moduleFile: async () => built.get(name) };
  return joinFacts(hostFacts({ cwd: folder, os: 'linux', arch: 'amd64' }), offlineEngineFacts(), steps);
}

function compileCase(each: ConformanceCase): ReturnType<typeof compileWithModules> {
  const file = sourceFile('program.hlb', readFileSync(join(each.folder, 'program.hlb'), 'utf8'));
  const options = { path: 'program.hlb', facts: factsOf(each), platform: 'linux/amd64', verify: true } as const;
  return compileWithModules(file, { ...options, level: 'O0' });
}

describe('programs with imports at -O0', () => {
  test.each(cases.filter(([, { expect: wanted }]) => 'ops' in wanted))('%s', async (_, each) => {
    const result = await compileCase(each);
    expect(result.diagnostics).toEqual([]);
    if (result.plan === undefined) throw new Error('no plan');
    const json = masked(record(JSON.parse(JSON.stringify(await dumpLlb(result.plan, { cwd: each.folder })))));
    for (const key of ['ops', 'terminal', 'session', 'sourceInfos']) {
      expect(normal(json[key]), key).toEqual(normal(each.expect[key]));
    }
  });
});

describe('programs that fail with their imports', () => {
  /** What fails in the reference, and means something here. */
  const accepted = 'import/local-inside-filesystem-module';
  const failing = cases.filter(([name, { expect: wanted }]) => wanted['stage'] === 'codegen' && name !== accepted);

  test(accepted, async () => {
    const each = cases.find(([name]) => name === accepted)?.[1];
    if (each === undefined) throw new Error('the case is missing');
    const { diagnostics, plan } = await compileCase(each);
    expect(diagnostics).toEqual([]);
    expect(plan?.steps).toMatchObject([{ kind: 'solve', session: { directories: [] } }]);
  });

  test.each(failing)('%s', async (_, each) => {
    const { diagnostics } = await compileCase(each);
    expect(diagnostics).toHaveLength(1);
    const [found] = diagnostics;
    if (found === undefined) return;
    const [wanted] = list(each.expect['diagnostics']).map(record);
    for (const place of list(wanted?.['spans']).map(record)) {
      if (place['file'] === '<builtin>') continue;
      if (place['role'] === 'position') {
        expect(places(found).map(({ file, line, column }) => ({ file, line, column }))).toContainEqual({
          ...{ file: place['file'], line: place['line'], column: place['column'] },
        });
      } else {
        const { file, line, column, endLine, endColumn, role } = place;
        expect(places(found)).toContainEqual({ file, line, column, endLine, endColumn, role });
      }
    }
    if (each.expect['backtrace'] === undefined) return;
    expect(found.frames.map(({ file, start }) => ({ file: file.name, ...file.position(start) }))).toEqual(
      list(each.expect['backtrace']),
    );
  });

  test('modules that import each other, where the reference never returns', async () => {
    const each = cases.find(([name]) => name === 'error-import/import-cycle')?.[1];
    if (each === undefined) throw new Error('the case is missing');
    const { diagnostics } = await compileCase(each);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'HLB0703 modules import each other in a circle: a.hlb → b.hlb → a.hlb',
    ]);
    expect(places(diagnostics[0]).map(({ file, line, column, role }) => [file, line, column, role])).toEqual([
      ['b.hlb', 1, 15, 'primary'],
      ['a.hlb', 1, 15, 'secondary'],
    ]);
  });
});

describe('trees of imports', () => {
  test.each(cases.filter(([, { expect: wanted }]) => wanted['mode'] === 'tree'))('%s', async (name, each) => {
    const file = sourceFile('program.hlb', readFileSync(join(each.folder, 'program.hlb'), 'utf8'));
    const facts = factsOf(each);
    const loading = { wanted: 'everything', path: 'program.hlb', facts, platform: 'linux/amd64' } as const;
    const { root, diagnostics } = await loadModules(check(parse(file).module), loading);
    expect(diagnostics).toEqual([]);
    const inOrder = 'program.hlb\n├── [a]  a.hlb\n└── [b]  b.hlb\n';
    expect(printTree(root)).toBe(name === 'import/tree-order' ? inOrder : each.expect['tree']);
  });
});

function places(found: Diagnostic | undefined): readonly Readonly<Record<string, unknown>>[] {
  return (found?.labels ?? []).map(({ span, primary }) => ({
    ...placeOf(span),
    role: primary ? 'primary' : 'secondary',
  }));
}

function placeOf({ file, start, end }: Span): Readonly<Record<string, unknown>> {
  const from = file.position(start);
  const to = file.position(end);
  return { file: file.name, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
