import { readNumber, TokenKind } from '@hlb/lexer';
import type {
  BoolLit,
  Fragment,
  Heredoc,
  HeredocForm,
  Interpolation,
  IntLit,
  NodeRange,
  RawHeredoc,
  RawStringLit,
  StringLit,
} from '../ast.js';
import { HeredocNode, InterpolationNode, IntNode, PlainStringNode, StringNode } from '../nodes/literals.js';
import { EscapeNode, TextNode } from '../nodes/words.js';
import { MAX_DEPTH, type Parser } from './state/parser.js';
import { skipBraces, skipToInterpolationClose } from './state/skip.js';
import { badFrom, skipBad, startsExpr, takeRange } from './state/tokens.js';
import * as errors from './syntax-errors.js';
import { reportDepth } from './too-deep.js';

export function parseNumber(p: Parser): IntLit {
  const reading = readNumber(p.text);
  // What has no value is a `bad` token and never comes here.
  const node = new IntNode(p.start, p.end, reading.base, 'value' in reading ? reading.value : 0n);
  p.advance();
  return node;
}

export function parseBool(p: Parser): BoolLit {
  const node: BoolLit = { kind: 'bool', start: p.start, end: p.end, value: p.text === 'true' };
  p.advance();
  return node;
}

export function parseString(p: Parser): StringLit {
  const start = p.start;
  p.advance();
  const isPlain = p.is(TokenKind.text) ? p.kindAhead(1) === TokenKind.stringClose : p.is(TokenKind.stringClose);
  if (isPlain) {
    const text = takeText(p);
    takeCloser(p, TokenKind.stringClose);
    return new PlainStringNode(start, p.lastEnd, text);
  }
  const fragments = parseFragments(p, TokenKind.stringClose);
  takeCloser(p, TokenKind.stringClose);
  return new StringNode(start, p.lastEnd, fragments);
}

export function parseRawString(p: Parser): RawStringLit {
  const start = p.start;
  p.advance();
  const text = takeText(p);
  takeCloser(p, TokenKind.rawClose);
  return { kind: 'raw-string', start, end: p.lastEnd, text };
}

export function parseHeredoc(p: Parser): Heredoc {
  const { start, end: openerEnd } = p;
  const written = readOpener(p.text);
  p.advance();
  const fragments = parseFragments(p, TokenKind.heredocClose);
  const closer = takeCloser(p, TokenKind.heredocClose);
  return new HeredocNode(start, p.lastEnd, written, openerEnd, fragments, closer.start);
}

export function parseRawHeredoc(p: Parser): RawHeredoc {
  const start = p.start;
  const { form, delimiter } = readOpener(p.text);
  const opener = takeRange(p);
  const text = takeText(p);
  const closer = takeCloser(p, TokenKind.rawHeredocClose);
  return { kind: 'raw-heredoc', start, end: p.lastEnd, form, delimiter, opener, text, closer };
}

/** Of `<<-EOM` and the like. */
function readOpener(text: string): { form: HeredocForm; delimiter: string } {
  const mark = text.charAt(2);
  const form = mark === '-' ? 'dedent' : mark === '~' ? 'fold' : 'literal';
  const word = text.slice(form === 'literal' ? 2 : 3);
  return { form, delimiter: word.startsWith('`') ? word.slice(1, -1) : word };
}

function takeText(p: Parser): string {
  if (!p.is(TokenKind.text)) return '';
  const text = p.text;
  p.advance();
  return text;
}

/** The end of a literal. One that the file doesn't have was reported by the lexer, which puts an empty token in its place. */
function takeCloser(p: Parser, closer: number): NodeRange {
  if (!p.is(closer)) return { start: p.lastEnd, end: p.lastEnd };
  if (p.start === p.end) p.unclosedLiteral = true;
  return takeRange(p);
}

function parseFragments(p: Parser, closer: number): readonly Fragment[] {
  const fragments = p.fragments;
  const mark = fragments.mark;
  while (!p.is(closer) && !p.is(TokenKind.eof)) {
    switch (p.kind) {
      case TokenKind.text:
        fragments.push(new TextNode(p.start, p.text));
        p.advance();
        break;
      case TokenKind.escape:
        fragments.push(new EscapeNode(p.start, p.text));
        p.advance();
        break;
      case TokenKind.interpolationOpen:
        fragments.push(parseInterpolation(p));
        break;
      default:
        // Only behind braces that the parser and the lexer matched differently, which was reported.
        return fragments.take(mark);
    }
  }
  return fragments.take(mark);
}

function parseInterpolation(p: Parser): Interpolation {
  if (p.depth >= MAX_DEPTH) return skipInterpolation(p);
  const opener = p.at;
  p.depth++;
  p.advance();
  skipBad(p);
  const expr = startsExpr(p.kind) ? p.rules.expr(p) : undefined;
  p.depth--;
  closeInterpolation(p, opener, expr === undefined);
  return new InterpolationNode(p.startOf(opener), p.lastEnd, expr);
}

/** An interpolation that is nested too deep: passed over. */
function skipInterpolation(p: Parser): Interpolation {
  const { start, end: inner } = p;
  reportDepth(p);
  skipBraces(p);
  return new InterpolationNode(start, p.lastEnd, badFrom(p, inner));
}

/** Behind an interpolation's expression. */
function closeInterpolation(p: Parser, opener: number, empty: boolean): void {
  skipBad(p);
  if (p.is(TokenKind.interpolationClose)) {
    if (empty) p.report(() => errors.emptyInterpolation(p, p.startOf(opener)));
  } else {
    p.report(() => errors.unclosedInterpolation(p, p.rangeOf(opener)));
    skipToInterpolationClose(p);
  }
  if (p.is(TokenKind.interpolationClose)) p.advance();
}
