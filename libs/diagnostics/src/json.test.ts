import { expect, test } from 'vitest';
import { diagnostic } from './diagnostic.js';
import { diagnosticsToJson } from './json.js';
import { sourceFile, span } from './source-file.js';

const file = sourceFile('dir/a.hlb', 'fs default() {\n\t"😀" mkfyle\n}\n');
const place = span(file, 21, 27);

test('a diagnostic is written with its places, lines and columns from 1, in UTF-16 units', () => {
  const found = diagnostic('HLB0301', {
    message: 'm',
    at: place,
    label: 'l',
    related: [{ span: span(file, 0, 2), message: 'r' }],
  });
  expect(diagnosticsToJson([found])).toEqual({
    diagnostics: [
      {
        code: 'HLB0301',
        severity: 'error',
        message: 'm',
        labels: [
          {
            file: 'dir/a.hlb',
            start: { line: 2, column: 7 },
            end: { line: 2, column: 13 },
            message: 'l',
            primary: true,
          },
          {
            file: 'dir/a.hlb',
            start: { line: 1, column: 1 },
            end: { line: 1, column: 3 },
            message: 'r',
            primary: false,
          },
        ],
        fixes: [],
      },
    ],
  });
});

test('fixes, notes, helps and frames are written where there are any', () => {
  const found = diagnostic('HLB0301', {
    message: 'm',
    severity: 'warning',
    fixes: [{ title: 't', edits: [{ span: place, text: 'mkfile' }] }],
    notes: ['n'],
    helps: ['h'],
    frames: [place],
  });
  const at = { file: 'dir/a.hlb', start: { line: 2, column: 7 }, end: { line: 2, column: 13 } };
  expect(diagnosticsToJson([found]).diagnostics[0]).toEqual({
    code: 'HLB0301',
    severity: 'warning',
    message: 'm',
    labels: [],
    fixes: [{ title: 't', edits: [{ ...at, text: 'mkfile' }] }],
    notes: ['n'],
    helps: ['h'],
    frames: [at],
  });
});

test('no diagnostics are an empty list', () => {
  expect(diagnosticsToJson([])).toEqual({ diagnostics: [] });
});
