import { type Diagnostic, type DiagnosticInit, diagnostic, type Fix, span } from '@hlb/diagnostics';
import { TokenKind } from '@hlb/lexer';
import type { NodeRange } from '../ast.js';
import { MAX_DEPTH, type Parser } from './state/parser.js';
import { isKeyword } from './state/tokens.js';

/** What the parser reports. Each function makes one diagnostic of the codes HLB02xx; the place is the current token unless given. */

export function unexpected(p: Parser, expected: string): Diagnostic {
  return here(p, 'HLB0201', { message: `expected ${expected}, found ${describe(p)}` });
}

export function notADeclaration(p: Parser): Diagnostic {
  return here(p, 'HLB0202', {
    message: `expected a declaration, found ${describe(p)}`,
    helps: ['a declaration is `import NAME from …`, `export NAME` or a function such as `fs default() { … }`'],
  });
}

export function nameExpected(p: Parser, what: string): Diagnostic {
  const keyword = isKeyword(p.kind) || p.is(TokenKind.bool);
  return here(p, 'HLB0203', {
    message: keyword ? `\`${p.text}\` is reserved and can't be ${what}` : `expected ${what}, found ${describe(p)}`,
  });
}

export function unclosedBlock(p: Parser, opener: NodeRange, declaration: NodeRange | undefined): Diagnostic {
  const message =
    declaration === undefined
      ? `a block is not closed: expected \`}\`, found ${describe(p)}`
      : 'a block is not closed: a declaration starts inside of it';
  return here(p, 'HLB0204', {
    message,
    related: [
      ...(declaration === undefined ? [] : [related(p, declaration, 'expected `}` before this')]),
      related(p, opener, 'this `{` is not closed'),
    ],
  });
}

export function unclosedParen(p: Parser, opener: NodeRange): Diagnostic {
  return here(p, 'HLB0205', {
    message: `a parenthesis is not closed: expected \`)\`, found ${describe(p)}`,
    related: [related(p, opener, 'this `(` is not closed')],
  });
}

export function closerWithoutOpener(p: Parser): Diagnostic {
  return here(p, 'HLB0206', { message: `unexpected ${describe(p)}: it closes nothing` });
}

export function parenthesesInStatement(p: Parser, fix: Fix | undefined, opener: NodeRange): Diagnostic {
  return diagnostic('HLB0207', {
    message: 'the arguments of a statement stand without parentheses',
    at: span(p.file, opener.start, opener.end),
    helps: ['parentheses belong to calls that are arguments themselves, as in `copy part("x") "/" "/"`'],
    fixes: fix === undefined ? [] : [fix],
  });
}

export function blockAsStatement(p: Parser, type: string): Diagnostic {
  return here(p, 'HLB0208', {
    message: `a block of \`${type}\` can't be a statement of its own`,
    helps: ['write its statements without the block, or give it to a call as an argument'],
  });
}

export function braceOnNextLine(p: Parser, signature: NodeRange): Diagnostic {
  return here(p, 'HLB0209', {
    message: 'the `{` of a function must stand on the line where its signature ends',
    related: [related(p, signature, 'the signature')],
  });
}

export function clauseOnNextLine(p: Parser): Diagnostic {
  return here(p, 'HLB0210', {
    message: `\`${p.text}\` must stand on the line where the call's last argument ends`,
  });
}

export function emptyInterpolation(p: Parser, start: number): Diagnostic {
  return diagnostic('HLB0211', {
    message: 'an interpolation holds no expression',
    at: span(p.file, start, p.end),
    helps: ['a dollar sign that is meant as text before `{` is written `\\$`'],
  });
}

export function unclosedInterpolation(p: Parser, opener: NodeRange): Diagnostic {
  return here(p, 'HLB0212', {
    message: `expected \`}\` behind the interpolation's expression, found ${describe(p)}`,
    related: [related(p, opener, 'the interpolation starts here')],
  });
}

export function importWithoutSource(p: Parser): Diagnostic {
  return here(p, 'HLB0213', { message: `expected \`from\` and where to import from, found ${describe(p)}` });
}

export function misplacedComma(p: Parser, why: string): Diagnostic {
  const at = span(p.file, p.start, p.end);
  return here(p, 'HLB0214', {
    message: `unexpected \`,\`: ${why}`,
    fixes: [{ title: 'remove the comma', edits: [{ span: at, text: '' }] }],
  });
}

export function loneSemicolon(p: Parser): Diagnostic {
  const at = span(p.file, p.start, p.end);
  return here(p, 'HLB0215', {
    message: 'unexpected `;`: it ends no statement',
    fixes: [{ title: 'remove it', edits: [{ span: at, text: '' }] }],
  });
}

export function memberOfMember(p: Parser): Diagnostic {
  return here(p, 'HLB0216', { message: 'a name has at most one dot: `module.name`' });
}

/** The range that was passed over starts at `start` and ends before the current token. */
export function nestedTooDeep(p: Parser, start: number): Diagnostic {
  return diagnostic('HLB0217', {
    message: `the program is nested deeper than ${MAX_DEPTH} levels`,
    at: span(p.file, start, start + 1),
  });
}

export function blockWithoutKind(p: Parser): Diagnostic {
  return here(p, 'HLB0218', {
    message: 'a block needs its kind before `{`, as in `fs { … }`',
  });
}

export function functionWithoutKind(p: Parser, name: string): Diagnostic {
  return here(p, 'HLB0219', {
    message: `a function needs its kind before its name, as in \`fs ${name}()\``,
  });
}

/** What the current token is, in words. */
function describe(p: Parser): string {
  switch (p.kind) {
    case TokenKind.eof:
      return 'the end of the file';
    case TokenKind.newline:
      return 'the end of the line';
    case TokenKind.comment:
      return 'a comment';
    case TokenKind.stringOpen:
      return 'a string';
    case TokenKind.rawOpen:
      return 'a raw string';
    case TokenKind.heredocOpen:
    case TokenKind.rawHeredocOpen:
      return 'a heredoc';
    case TokenKind.decimal:
    case TokenKind.numeric:
      return `the number ${p.text}`;
    case TokenKind.import:
    case TokenKind.export:
    case TokenKind.with:
    case TokenKind.as:
      return `the keyword \`${p.text}\``;
    default:
      return `\`${p.text}\``;
  }
}

function here(p: Parser, code: Diagnostic['code'], init: DiagnosticInit): Diagnostic {
  return diagnostic(code, { ...init, at: span(p.file, p.start, p.end) });
}

function related(p: Parser, place: NodeRange, message: string): { span: ReturnType<typeof span>; message: string } {
  return { span: span(p.file, place.start, place.end), message };
}
