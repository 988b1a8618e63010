import { diagnostic, sourceFile, span } from '@hlb/diagnostics';
import { parse } from '@hlb/parser';
import { describe, expect, test } from 'vitest';
import { check } from '../check/check.js';
import { applyFixes, fixedAndFormatted } from './apply-fixes.js';
import { lint } from './lint.js';

const OLD = 'import kit "kit.hlb"\n\ngroup default() {\n  parallel kit.a   kit.b\n}\n';

function findings(text: string) {
  const file = sourceFile('build.hlb', text);
  return { file, found: lint(check(parse(file).module)) };
}

function edit(file: ReturnType<typeof sourceFile>, start: number, end: number, text: string, isSafe = true) {
  const edits = [{ span: span(file, start, end), text }];
  return diagnostic('HLB0402', { message: 'x', at: span(file, start, end), fixes: [{ title: 'x', isSafe, edits }] });
}

describe('applying fixes', () => {
  test('mends all at once and leaves the rest as it was written', () => {
    const { file, found } = findings(OLD);
    const fixed = applyFixes(file, found);
    expect(fixed.text).toBe('import kit from "kit.hlb"\n\npipeline default() {\n  stage kit.a   kit.b\n}\n');
    expect(fixed.applied.map((one) => one.code)).toEqual(['HLB0401', 'HLB0402', 'HLB0403']);
    expect(fixed.skipped).toEqual([]);
  });

  test('leaves nothing to fix', () => {
    const { file, found } = findings(OLD);
    const { text } = applyFixes(file, found);
    expect(findings(text).found).toEqual([]);
  });

  test('does not apply what changes the meaning of a program', () => {
    const { file, found } = findings('fs default() {\n\tscratch\n\tmkdir "/a" 755\n}\n');
    expect(found.flatMap((one) => one.fixes)).toHaveLength(1);
    expect(applyFixes(file, found)).toEqual({ text: file.text, applied: [], skipped: [] });
  });

  test('applies the first of fixes that overlap', () => {
    const file = sourceFile('build.hlb', 'group a() {\n}\n');
    const fixed = applyFixes(file, [edit(file, 0, 5, 'pipeline'), edit(file, 3, 7, 'x')]);
    expect(fixed.text).toBe('pipeline a() {\n}\n');
    expect(fixed.applied).toHaveLength(1);
    expect(fixed.skipped).toHaveLength(1);
  });

  test('applies nothing if the text would no longer parse', () => {
    const file = sourceFile('build.hlb', 'group a() {\n}\n');
    const fixed = applyFixes(file, [edit(file, 10, 11, '')]);
    expect(fixed.text).toBe(file.text);
    expect(fixed.skipped).toHaveLength(1);
  });

  test('does not touch other files', () => {
    const file = sourceFile('build.hlb', 'group a() {\n}\n');
    const other = sourceFile('other.hlb', 'group b() {\n}\n');
    expect(applyFixes(file, [edit(other, 0, 5, 'pipeline')]).text).toBe(file.text);
  });
});

describe('fixing and formatting', () => {
  test('formats what was fixed', () => {
    const { file, found } = findings(OLD);
    expect(fixedAndFormatted(file, found).text).toBe(
      'import kit from "kit.hlb"\n\npipeline default() {\n\tstage kit.a kit.b\n}\n',
    );
  });

  test('leaves a file without a fix as it is', () => {
    const { file, found } = findings('fs default() {\n  scratch\n}\n');
    expect(fixedAndFormatted(file, found).text).toBe(file.text);
  });
});
