import { TokenKind } from '@hlb/lexer';
import type { Parser } from './parser.js';

/** Ways over input that no rule takes. All go forward token by token: what is nested costs no recursion. */

/** What one token does to the depth of braces; interpolations and literals count as braces. */
function braceStep(kind: number): number {
  switch (kind) {
    case TokenKind.braceOpen:
    case TokenKind.interpolationOpen:
    case TokenKind.stringOpen:
    case TokenKind.rawOpen:
    case TokenKind.heredocOpen:
    case TokenKind.rawHeredocOpen:
      return 1;
    case TokenKind.braceClose:
    case TokenKind.interpolationClose:
    case TokenKind.stringClose:
    case TokenKind.rawClose:
    case TokenKind.heredocClose:
    case TokenKind.rawHeredocClose:
      return -1;
    default:
      return 0;
  }
}

/** From `{` or `${` over what closes it, or to the end of the file. */
export function skipBraces(p: Parser): void {
  let depth = 0;
  do {
    depth += braceStep(p.kind);
    p.advance();
  } while (depth > 0 && !p.is(TokenKind.eof));
}

/** From `(` over its `)`, or to where the braces around it close. */
export function skipParens(p: Parser): void {
  let parens = 0;
  let braces = 0;
  while (!p.is(TokenKind.eof)) {
    const step = braceStep(p.kind);
    if (braces + step < 0) return;
    braces += step;
    if (braces === 0 && p.is(TokenKind.parenOpen)) parens++;
    if (braces === 0 && p.is(TokenKind.parenClose)) parens--;
    p.advance();
    if (parens === 0 && braces === 0) return;
  }
}

/** To the newline, comment or `;` that ends a statement, or to what closes the braces around it. */
export function skipStatement(p: Parser): void {
  let depth = 0;
  while (!p.is(TokenKind.eof)) {
    const kind = p.kind;
    if (depth === 0 && (kind === TokenKind.newline || kind === TokenKind.comment || kind === TokenKind.semicolon))
      return;
    const step = braceStep(kind);
    if (depth + step < 0) return;
    depth += step;
    p.advance();
  }
}

/** Inside an interpolation: to the `}` that closes it. */
export function skipToInterpolationClose(p: Parser): void {
  let depth = 0;
  while (!p.is(TokenKind.eof)) {
    if (depth === 0 && p.is(TokenKind.interpolationClose)) return;
    const step = braceStep(p.kind);
    if (depth + step < 0) return;
    depth += step;
    p.advance();
  }
}

/** Outside of all declarations: to the end of a line, where the next with content starts a declaration or is a comment. */
export function skipToDeclaration(p: Parser): void {
  let depth = 0;
  while (!p.is(TokenKind.eof)) {
    let newlines = 0;
    while (p.kindAhead(newlines) === TokenKind.newline) newlines++;
    if (newlines > 0) {
      if (depth === 0 && p.kindAhead(newlines) === TokenKind.comment) return;
      // It is one even if braces are out of balance.
      if (startsDeclaration(p, newlines)) return;
      p.at += newlines;
    } else {
      depth = Math.max(0, depth + braceStep(p.kind));
      p.advance();
    }
  }
}

/** Whether the token that many places ahead starts a declaration: `import`, `export`, or `fs name(` that is not indented. */
export function startsDeclaration(p: Parser, ahead: number): boolean {
  const kind = p.kindAhead(ahead);
  if (kind === TokenKind.import || kind === TokenKind.export) return true;
  return (
    kind === TokenKind.ident &&
    p.kindAhead(ahead + 1) === TokenKind.ident &&
    p.kindAhead(ahead + 2) === TokenKind.parenOpen &&
    startsLine(p, p.startOf(p.at + ahead))
  );
}

/** Whether an offset is the first of its line. */
export function startsLine(p: Parser, offset: number): boolean {
  return offset === 0 || p.file.text[offset - 1] === '\n';
}
