import { PatternMatcher, type PatternToken } from './pattern-matcher.js';
import { InvalidPatternError, literal, PatternSource } from './pattern-source.js';

/** Whether a path (relative, `/` between names) fits. */
export type PathTest = (path: string) => boolean;

/**
 * Compiles one pattern of the include and exclude lists of a local source or copy, already cleaned and without its `!`:
 *
 * | element              | matches                                     |
 * |----------------------|---------------------------------------------|
 * | `*`, `?`             | any characters, one character of a name     |
 * | `**` with or without a `/` after it | any number of whole names, none too |
 * | `**` at the end      | any continuation                            |
 * | `[…]`, `[^…]`        | a class with ranges                         |
 * | `\x`                 | x itself                                    |
 *
 * A test takes at most time in proportion to the product of both lengths.
 *
 * @throws InvalidPatternError
 */
export function compilePathPattern(pattern: string): PathTest {
  const { form, tokens } = readPattern(pattern);
  switch (form) {
    case 'exact':
      return (path) => path === pattern;
    case 'prefix': {
      const prefix = pattern.slice(0, -2);
      return (path) => path.startsWith(prefix);
    }
    case 'suffix': {
      const suffix = pattern.slice(2);
      const whole = suffix.startsWith('/') ? suffix.slice(1) : undefined;
      return (path) => path.endsWith(suffix) || path === whole;
    }
    case 'tokens': {
      const matcher = new PatternMatcher(tokens);
      return (path) => matcher.test(path);
    }
    default:
      return unreachable(form);
  }
}

/** Compiles a pattern for one name, as in a follow path: `*`, `?`, classes and escapes. A malformed one matches nothing. */
export function compileNamePattern(pattern: string): PathTest {
  let tokens: readonly PatternToken[];
  try {
    tokens = nameTokens(new PatternSource(pattern));
  } catch (error) {
    if (error instanceof InvalidPatternError) return () => false;
    throw error;
  }
  const matcher = new PatternMatcher(tokens);
  return (name) => matcher.test(name);
}

/**
 * As in Go's matcher, a pattern that needs no tokens is compared as text. That is not only faster: a leading `**` directly before a name
 * (`**foo`) is a test of the end of the path in this form, and would want a `/` before `foo` otherwise.
 */
type Form = 'exact' | 'prefix' | 'suffix' | 'tokens';

function readPattern(pattern: string): { readonly form: Form; readonly tokens: readonly PatternToken[] } {
  const source = new PatternSource(pattern);
  const tokens: PatternToken[] = [];
  let form: Form = 'exact';
  for (let first = true; !source.done; first = false) {
    const character = source.next();
    if (character === '*' && source.peek() === '*') {
      source.next();
      if (source.peek() === '/') source.next();
      if (first) form = 'suffix';
      else form = source.done && form === 'exact' ? 'prefix' : 'tokens';
      tokens.push({ kind: source.done ? 'rest' : 'names' });
    } else if (character === '^') {
      // Not escaped by BuildKit: an anchor, which fits nowhere but at the start.
      tokens.push({ kind: 'start' });
    } else {
      if (/[*?[\]\\]/.test(character)) form = 'tokens';
      tokens.push(elementToken(character, source));
    }
  }
  return { form, tokens };
}

function nameTokens(source: PatternSource): readonly PatternToken[] {
  const tokens: PatternToken[] = [];
  while (!source.done) tokens.push(elementToken(source.next(), source));
  return tokens;
}

function elementToken(character: string, source: PatternSource): PatternToken {
  switch (character) {
    case '*':
      return { kind: 'some' };
    case '?':
      return { kind: 'any' };
    case '[':
      return source.characterClass();
    case '\\':
      return literal(source.escaped());
    default:
      return literal(character);
  }
}

function unreachable(form: never): never {
  throw new Error(`unexpected form ${String(form)}`);
}
