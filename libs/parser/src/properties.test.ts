import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SourceFile, sourceFile } from '@hlb/diagnostics';
import { lex, MAX_DIAGNOSTICS, readNumber, readTokens } from '@hlb/lexer';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conformanceCases } from '../../../tests/support/conformance.js';
import { programs } from '../../../tests/support/program-arbitrary.js';
import { treeComments, treeShape } from '../../../tests/support/tree-shape.js';
import { format, parse, print, printAst, printAstJson } from './index.js';

const corpus: readonly string[] = conformanceCases('lang', 'string', 'format', 'error-parse', 'error-check').map(
  (found) => readFileSync(join(found.folder, 'program.hlb'), 'utf8'),
);

/** Strings that look like programs more often than chance would have it. */
const pieces = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        ...'{ } ( ) , ; . " ` # \\ $ \' ${ <<E <<-`E` E \n as with import export fs a b: 12 0o7 true'.split(' '),
        ' ',
        'fs f() {\n',
      ),
    ),
    { maxLength: 40 },
  )
  .map((all) => all.join(''));

/** A program of the corpus with some of its bytes removed, replaced or added. */
const mutants = fc
  .tuple(
    fc.constantFrom(...corpus),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.uint8Array({ maxLength: 3 })), { minLength: 1, maxLength: 4 }),
  )
  .map(([text, changes]) => {
    let bytes = Buffer.from(text);
    for (const [place, removed, added] of changes) {
      const at = place % (bytes.length + 1);
      bytes = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
    }
    return bytes.toString('utf8');
  });

const anything = fc.oneof(pieces, mutants, fc.string({ unit: 'binary', maxLength: 300 }));

function file(text: string): SourceFile {
  return sourceFile('program.hlb', text);
}

describe('any text', () => {
  test('gives tokens in order, with nothing but blanks between them', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const { tokens } = lex(file(text));
        let end = 0;
        for (const token of readTokens(file(text), tokens)) {
          expect(text.slice(end, token.start)).toMatch(/^\ufeff?[ \t\r]*$/);
          expect(token.end).toBeGreaterThanOrEqual(token.start);
          end = token.end;
        }
        expect(end).toBe(text.length);
      }),
      { numRuns: 2000 },
    );
  });

  test('gives a tree and diagnostics with places, and no exception', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const { module, diagnostics } = parse(file(text));
        expect(diagnostics.length).toBeLessThanOrEqual(MAX_DIAGNOSTICS);
        for (const found of diagnostics) {
          expect(found.labels.filter((label) => label.primary)).toHaveLength(1);
          for (const { span } of found.labels) {
            expect(span.start).toBeGreaterThanOrEqual(0);
            expect(span.end).toBeLessThanOrEqual(text.length);
          }
        }
        printAst(module);
        JSON.parse(printAstJson(module));
        print(module);
      }),
      { numRuns: 2000 },
    );
  });

  test('is formatted to what formatting leaves alone, if it has no errors', () => {
    fc.assert(
      fc.property(mutants, (text) => {
        const once = format(file(text));
        if ('text' in once) expect(format(file(once.text))).toEqual(once);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a program', () => {
  test('has no syntax errors, and the same tree and comments when printed', () => {
    fc.assert(
      fc.property(programs(), (text) => {
        const first = parse(file(text));
        expect(first.diagnostics).toEqual([]);
        const second = parse(file(print(first.module)));
        expect(second.diagnostics).toEqual([]);
        expect(treeShape(second.module)).toEqual(treeShape(first.module));
        expect(treeComments(second.module)).toEqual(treeComments(first.module));
      }),
      { numRuns: 1000 },
    );
  });

  test('is formatted to what formatting leaves alone', () => {
    fc.assert(
      fc.property(programs(), (text) => {
        const once = print(parse(file(text)).module);
        expect(print(parse(file(once)).module)).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });

  test('changes only blanks, separators, numerals and empty option blocks when printed', () => {
    fc.assert(
      fc.property(programs(), (text) => {
        expect(words(print(parse(file(text)).module))).toEqual(words(text));
      }),
      { numRuns: 1000 },
    );
  });
});

/** The tokens of a text without what printing may change. */
function words(text: string): string[] {
  const found: string[] = [];
  for (const token of readTokens(file(text), lex(file(text)).tokens)) {
    if (token.kind === 'newline' || token.kind === 'comma' || token.kind === 'semicolon') continue;
    if (token.kind === 'eof') continue;
    if (token.kind === 'numeric') {
      const number = readNumber(token.text);
      found.push('value' in number ? `${number.base} ${number.value}` : token.text);
    } else if (token.kind === 'text') {
      // Tabs before a heredoc's delimiter.
      const body = token.text.replace(/\t+$/, '');
      if (body !== '') found.push(body);
    } else found.push(token.text);
  }
  return withoutEmptyOptions(found);
}

function withoutEmptyOptions(all: readonly string[]): string[] {
  const kept: string[] = [];
  for (const word of all) {
    kept.push(word);
    const [keyword, kind, open, close] = kept.slice(-4);
    if (keyword === 'with' && /^option(::.*)?$/.test(kind ?? '') && open === '{' && close === '}') kept.length -= 4;
  }
  return kept;
}
