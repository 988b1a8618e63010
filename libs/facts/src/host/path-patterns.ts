import { posix } from 'node:path';

const compiled = new Map<string, RegExp>();

/**
 * Whether patterns in the manner of a .dockerignore take a path: the last that matches it, or a directory above it, decides; `!`
 * before one takes it out again.
 *
 * @param path relative, with `/`
 */
export function matchesPatterns(patterns: readonly string[], path: string): boolean {
  const parts = path.split('/');
  let matched = false;
  for (const written of patterns) {
    const negative = written.startsWith('!');
    const pattern = posix.normalize(negative ? written.slice(1).trim() : written.trim()).replace(/^\/+|\/+$/g, '');
    if (pattern === '' || pattern === '.') continue;
    const expression = expressionOf(pattern);
    if (parts.some((_, index) => expression.test(parts.slice(0, index + 1).join('/')))) matched = !negative;
  }
  return matched;
}

/** `*` and `?` stop at `/`, `**` does not; `[…]` is a class, a backslash takes the next character as it is. */
function expressionOf(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === '*' && pattern[at + 1] === '*') {
      at += 1;
      if (pattern[at + 1] === '/') at += 1;
      source += at + 1 >= pattern.length ? '.*' : '(?:.*/)?';
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '\\' && at + 1 < pattern.length) {
      at += 1;
      source += literal(pattern.charAt(at));
    } else if (char === '[' && pattern.indexOf(']', at + 1) !== -1) {
      const end = pattern.indexOf(']', at + 2);
      const close = end === -1 ? pattern.indexOf(']', at + 1) : end;
      const body = pattern.slice(at + 1, close);
      source += `[${body.replace(/[\\[]/g, '\\$&')}]`;
      at = close;
    } else source += literal(char);
  }
  const expression = expressionFrom(`^${source}$`);
  compiled.set(pattern, expression);
  return expression;
}

/** A class that can't be (`[b-a]`) matches nothing. */
function expressionFrom(source: string): RegExp {
  try {
    return new RegExp(source, 'su');
  } catch {
    return /^\b$/;
  }
}

function literal(char: string): string {
  return /[.+^${}()|[\]\\/*?]/.test(char) ? `\\${char}` : char;
}
