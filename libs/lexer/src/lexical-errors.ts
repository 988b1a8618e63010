import { type Diagnostic, diagnostic, type SourceFile, span } from '@hlb/diagnostics';

/** What `lex` reports. Each function makes one diagnostic of the codes HLB01xx for a range of UTF-16 offsets. */

/** A half-open range of UTF-16 offsets. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export function badCharacters(file: SourceFile, start: number, end: number): Diagnostic {
  return diagnostic('HLB0101', {
    message: `unexpected ${quoteCharacters(file.text.slice(start, end))}`,
    at: span(file, start, end),
    label: 'no part of the language starts like this',
  });
}

export function singleQuotes(file: SourceFile, start: number, end: number): Diagnostic {
  const text = file.text.slice(start, end);
  const inner = text.slice(1, text.length > 1 && text.endsWith("'") ? -1 : undefined);
  const plain = text.length > 1 && text.endsWith("'") && !/["\\$]/.test(inner);
  const at = span(file, start, end);
  return diagnostic('HLB0102', {
    message: 'strings stand in double quotes or backticks, not in single quotes',
    at,
    fixes: plain ? [{ title: 'use double quotes', edits: [{ span: at, text: `"${inner}"` }] }] : [],
  });
}

export function negativeNumber(file: SourceFile, start: number, end: number): Diagnostic {
  return diagnostic('HLB0103', {
    message: `unexpected \`-\`: there are no negative numbers`,
    at: span(file, start, end),
  });
}

/** The words for a literal that is not closed. */
export interface UnclosedLiteral {
  /** `string`, `raw string`, `heredoc`. */
  readonly what: string;
  readonly closer: string;
  readonly opener: Place;
}

/** Points at the end of the file, where the closer is missed, and at the opener. */
export function unclosedLiteral(file: SourceFile, literal: UnclosedLiteral): Diagnostic {
  const end = file.text.length;
  return diagnostic('HLB0104', {
    message: `the file ends inside a ${literal.what}: expected ${literal.closer}`,
    at: span(file, end, end),
    label: 'the file ends here',
    related: [
      { span: span(file, literal.opener.start, literal.opener.end), message: `the ${literal.what} starts here` },
    ],
  });
}

/** `seen` is where the quote is missed: the first thing that makes no sense if the string goes on. */
export function unclosedString(file: SourceFile, opener: number, seen: Place): Diagnostic {
  return diagnostic('HLB0104', {
    message: 'a string has no closing `"` on its line, and what follows makes no sense as a part of it',
    at: span(file, seen.start, seen.end),
    label: seen.start === file.text.length ? 'the file ends here, inside a string' : 'here at the latest',
    related: [{ span: span(file, opener, opener + 1), message: 'the string starts here' }],
  });
}

/** `at` is the first place that cannot belong to the interpolation's expression. */
export function unclosedInterpolation(file: SourceFile, opener: number, at: number, end: number): Diagnostic {
  return diagnostic('HLB0105', {
    message: 'an interpolation is not closed: expected `}`',
    at: span(file, at, end),
    label: 'expected `}` before this',
    related: [{ span: span(file, opener, opener + 2), message: 'the interpolation starts here' }],
  });
}

export function unknownEscape(file: SourceFile, start: number, end: number): Diagnostic {
  const text = file.text.slice(start, end);
  const at = span(file, start, end);
  return diagnostic('HLB0106', {
    message: `unknown escape ${quoteCharacters(text)} in a string`,
    at,
    helps: [
      'known are \\a \\b \\f \\n \\r \\t \\v \\\\ \\" \\$ \\xHH \\OOO \\uHHHH \\UHHHHHHHH; a backslash itself is \\\\',
    ],
    fixes: text === "\\'" ? [{ title: 'remove the backslash', edits: [{ span: at, text: "'" }] }] : [],
  });
}

export function escapeOutOfRange(file: SourceFile, start: number, end: number): Diagnostic {
  const text = file.text.slice(start, end);
  const byte = text[1] !== 'u' && text[1] !== 'U';
  return diagnostic('HLB0107', {
    message: byte
      ? `the escape ${text} is no ASCII character: write characters beyond 0x7f as \\u`
      : `the escape ${text} is no Unicode character`,
    at: span(file, start, end),
  });
}

export function backslashAtLineEnd(file: SourceFile, start: number): Diagnostic {
  return diagnostic('HLB0108', {
    message: 'a string has a backslash at the end of a line, where it escapes nothing',
    at: span(file, start, start + 1),
    helps: ['write \\\\ for a backslash; a string may go on in the next line without one'],
  });
}

export function badDigit(file: SourceFile, start: number, end: number, base: number): Diagnostic {
  const text = file.text.slice(start, end);
  return diagnostic('HLB0109', {
    message: `${text} has digits that a number of base ${base} doesn't have`,
    at: span(file, start, end),
  });
}

export function numberTooLarge(file: SourceFile, start: number, end: number): Diagnostic {
  return diagnostic('HLB0110', {
    message: 'the number is too large: the largest is 9223372036854775807 (64 bits, signed)',
    at: span(file, start, end),
  });
}

/** Characters as they can be shown in a message: in backticks, or by their code points where they don't print. */
function quoteCharacters(text: string): string {
  const shown = [...text].slice(0, 20).map((c) => (/[\p{C}\p{Z}]/u.test(c) && c !== ' ' ? codePoint(c) : c));
  return `\`${shown.join('')}\``;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
