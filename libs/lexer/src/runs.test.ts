import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keywordAt, markAt, pieceEnd, plainStringEnd, textEnd, wordEnd } from './runs.js';
import { hlbStates } from './states/hlb-states.js';
import { TokenKind } from './tokens/token-kind.js';

const moo = hlbStates();

/** The kind and length of the token that the rules of a state give at a text's start. */
function byRules(state: string, text: string): [kind: string | undefined, length: number] {
  const token = moo.reset(text, { state, line: 1, col: 1 }).next();
  return [token?.type, token?.text.length ?? 0];
}

function nameOf(kind: TokenKind): string | undefined {
  return Object.entries(TokenKind).find(([, number]) => number === kind)?.[0];
}

const words = fc.constantFrom('import', 'export', 'with', 'as', 'true', 'false', 'a', '0', '7x', '_', 'é', '𝒳');
const marks = fc.constantFrom(':', '.', ' ', '\t', '\n', '\v', '\f', '\r', '"', '$', '\\', '${', '{', '(', '\u00a0');
const texts = fc
  .array(fc.oneof(words, marks, fc.string({ maxLength: 3 })), { maxLength: 6 })
  .map((all) => all.join(''));

describe('what is read without a pattern is what the rules of the states say', () => {
  test('of words', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const end = wordEnd(text, 0);
        if (end === 0) return;
        expect(byRules('block', text)).toEqual([nameOf(keywordAt(text, 0, end) ?? TokenKind.ident), end]);
      }),
      { numRuns: 3000 },
    );
    expect(wordEnd('run "x"', 0)).toBe(3);
    expect(wordEnd('as:', 0) + wordEnd('a:b', 0) + wordEnd('a.b', 0) + wordEnd('7', 0)).toBe(0);
  });

  test.each(['root', 'block', 'interpolation'])('of characters that are tokens by themselves: %s', (state) => {
    for (let code = 1; code < 256; code++) {
      const text = String.fromCharCode(code);
      const mark = markAt(text, 0);
      if (mark !== undefined) expect(byRules(state, text)).toEqual([nameOf(mark), 1]);
    }
    expect([...'\n(),;{}"`x'].map((text) => markAt(text, 0) ?? 0)).toEqual([
      ...[TokenKind.newline, TokenKind.parenOpen, TokenKind.parenClose, TokenKind.comma, TokenKind.semicolon],
      ...[0, 0, 0, 0, 0],
    ]);
  });

  test('of strings that hold nothing but text', () => {
    fc.assert(
      fc.property(texts, (inside) => {
        const text = `"${inside}`;
        const end = plainStringEnd(text, 0);
        if (end === -1) return;
        expect(byRules('block', text)).toEqual(['stringOpen', 1]);
        if (end > 1) expect(byRules('string', text.slice(1))).toEqual(['text', end - 1]);
        expect(byRules('string', text.slice(end))).toEqual(['stringClose', 1]);
      }),
      { numRuns: 3000 },
    );
    expect(plainStringEnd('"a b" c"', 0)).toBe(4);
    expect(plainStringEnd('""', 0)).toBe(1);
    expect(['"a${b}"', '"a', 'a"', '"\\""'].map((text) => plainStringEnd(text, 0))).toEqual([-1, -1, -1, -1]);
  });

  test.each([
    ['string', textEnd],
    ['heredoc', pieceEnd],
  ] as const)('of the text of a %s', (state, endOf) => {
    fc.assert(
      fc.property(texts, (text) => {
        const end = endOf(text, 0);
        const [kind, length] = byRules(state, text);
        expect(end).toBe(kind === 'text' ? length : 0);
      }),
      { numRuns: 3000 },
    );
    expect(endOf('word', 0)).toBe(4);
  });
});
