import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileCase, record } from '../../../tests/support/compile-case.js';
import { type ConformanceCase, conformanceCases } from '../../../tests/support/conformance.js';
import type { Level } from './elaborate/evaluation.js';
import { pipeline } from './pipeline.js';

const page = readFileSync(join(import.meta.dirname, '../../../docs/passes/default-level.md'), 'utf8');
const optional = pipeline.filter(({ kind }) => kind === 'optional').map(({ pass }) => pass.name);

/** The rows of the table under a heading: the first cell, and the programs that the last one names. */
function rows(heading: string): readonly (readonly [string, readonly string[]])[] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  return [...(section.split('\n## ')[0] ?? '').matchAll(/^\| ([^|]+) \|.*\| ([^|]*) \|$/gm)]
    .map(([, first = '', programs = '']): readonly [string, readonly string[]] => {
      return [first.replaceAll('`', ''), [...programs.matchAll(/`([\w/-]+)`/g)].map(([, name = '']) => name)];
    })
    .filter(([, programs]) => programs.length > 0);
}

/** Programs that are compiled, each with what it gives at a level. */
const programs = conformanceCases().filter(({ area, expect: wanted }) => {
  const compiled = 'ops' in wanted || 'parallel' in wanted || 'sequential' in wanted;
  return compiled && !('mode' in wanted) && area !== 'import';
});

async function resultOf(program: ConformanceCase, level: Level, skipped: readonly string[]): Promise<string> {
  const { result, json } = await compileCase(program, level, skipped);
  expect(result.plan, `${program.name} without ${skipped}`).toBeDefined();
  return text(json);
}

describe('docs/passes/default-level.md', () => {
  /** Programs that differ from `-O0` without any optional pass, and by each pass those that differ when it alone is left out. */
  const differing = new Map<string, string[]>([['', []], ...optional.map((name) => [name, []] as [string, string[]])]);
  const all: string[] = [];

  beforeAll(async () => {
    for (const program of programs) {
      const exact = await resultOf(program, 'O0', []);
      const better = await resultOf(program, 'default', []);
      if (exact === better) continue;
      all.push(program.name);
      if ((await resultOf(program, 'default', optional)) !== exact) differing.get('')?.push(program.name);
      for (const name of optional) {
        if ((await resultOf(program, 'default', [name])) !== better) differing.get(name)?.push(program.name);
      }
    }
  });

  test('has a row for each optional pass with the programs that it changes', () => {
    const said = new Map(rows('By passes'));
    for (const name of optional) expect([...(said.get(name) ?? [])], name).toEqual(differing.get(name));
    expect([...said.keys()].filter((name) => !optional.includes(name))).toEqual([]);
  });

  test('has the programs that differ by how they are evaluated and lowered', () => {
    const said = rows('By evaluation and lowering').flatMap(([, names]) => names);
    expect([...new Set(said)].sort()).toEqual(differing.get(''));
  });

  test('leaves none out', () => {
    const said = [...rows('By passes'), ...rows('By evaluation and lowering')].flatMap(([, names]) => names);
    expect([...new Set(said)].sort()).toEqual(all);
  });
});

/** Without what differs between any two compiles: values of runs that ignore the cache, and digests of what they are in. */
function text(json: unknown): string {
  const whole = JSON.stringify(json);
  if (!whole.includes('HLB_IGNORE_CACHE=')) return whole;
  const ops = record(json)['ops'];
  return JSON.stringify(Array.isArray(ops) ? ops.map((op) => record(record(op)['op'])['exec']) : ops).replace(
    /HLB_IGNORE_CACHE=[\w-]+/g,
    '',
  );
}
