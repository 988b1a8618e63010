import { printable, TransferError } from '../../transfer-error.js';

/** Whether a path (relative, `/` between names) fits. */
export type PathTest = (path: string) => boolean;

/**
 * Compiles one pattern of BuildKit's include and exclude lists, already cleaned and without its `!`:
 *
 * | element              | matches                                     |
 * |----------------------|---------------------------------------------|
 * | `*`, `?`             | any characters, one character of a name     |
 * | `**` with or without a `/` after it | any number of whole names, none too |
 * | `**` at the end      | any continuation                            |
 * | `[…]`, `[^…]`        | a class with ranges                         |
 * | `\x`                 | x itself                                    |
 *
 * Throws a `TransferError` of code `bad-pattern`.
 */
export function compileGlob(pattern: string): PathTest {
  const source = new GlobSource(pattern);
  const regex: string[] = [];
  // As in Go's matcher, a pattern that needs no expression is compared as text. That is not only faster: a leading `**` directly
  // before a name (`**foo`) is a test of the end of the path in this form, and would want a `/` before `foo` otherwise.
  let form: 'exact' | 'prefix' | 'suffix' | 'regex' = 'exact';
  let first = true;
  while (!source.done) {
    const character = source.next();
    if (character === '*' && source.peek() === '*') {
      source.next();
      if (source.peek() === '/') source.next();
      if (!source.done) {
        regex.push('(?:[^\\n]*\\/)?');
        form = 'regex';
      } else if (form === 'exact') {
        form = 'prefix';
      } else {
        regex.push('[^\\n]*');
        form = 'regex';
      }
      if (first) form = 'suffix';
    } else if (character === '*') {
      regex.push('[^/]*');
      form = 'regex';
    } else if (character === '?') {
      regex.push('[^/]');
      form = 'regex';
    } else if (character === '[') {
      regex.push(source.characterClass());
      form = 'regex';
    } else if (character === '\\') {
      if (source.done) throw source.error('ends with a backslash');
      regex.push(literal(source.next()));
      form = 'regex';
    } else if (character === '^') {
      // Not escaped by BuildKit: an anchor, which fits nowhere but at the start.
      regex.push('^');
    } else {
      if (character === ']') form = 'regex';
      regex.push(literal(character));
    }
    first = false;
  }
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
    case 'regex': {
      const expression = new RegExp(`^${regex.join('')}$`, 'u');
      return (path) => expression.test(path);
    }
    default:
      return unreachable(form);
  }
}

/** Compiles a pattern for one name, as in a follow path: `*`, `?`, classes and escapes. A malformed one matches nothing. */
export function compileNameGlob(pattern: string): PathTest {
  try {
    const source = new GlobSource(pattern);
    const regex: string[] = [];
    while (!source.done) {
      const character = source.next();
      if (character === '*') regex.push('[^/]*');
      else if (character === '?') regex.push('[^/]');
      else if (character === '[') regex.push(source.characterClass());
      else if (character === '\\') {
        if (source.done) return () => false;
        regex.push(literal(source.next()));
      } else regex.push(literal(character));
    }
    const expression = new RegExp(`^${regex.join('')}$`, 'u');
    return (name) => expression.test(name);
  } catch (error) {
    if (error instanceof TransferError) return () => false;
    throw error;
  }
}

/** Reads a pattern by code points. */
class GlobSource {
  readonly #pattern: string;
  readonly #characters: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#characters = [...pattern];
  }

  get done(): boolean {
    return this.#at >= this.#characters.length;
  }

  peek(): string | undefined {
    return this.#characters[this.#at];
  }

  next(): string {
    return this.#characters[this.#at++] ?? '';
  }

  /** The rest of a class after its `[`, as an expression. */
  characterClass(): string {
    let inner = '';
    const negated = this.peek() === '^';
    if (negated) this.next();
    let first = true;
    for (;;) {
      if (this.done) throw this.error('has a [ without its ]');
      if (this.peek() === ']' && !first) break;
      const low = this.#classCharacter();
      let high = low;
      if (this.peek() === '-') {
        this.next();
        high = this.#classCharacter();
      }
      if (low > high) throw this.error(`has a range that is the wrong way round: ${low}-${high}`);
      inner += low === high ? codePoint(low) : `${codePoint(low)}-${codePoint(high)}`;
      first = false;
    }
    this.next();
    return `[${negated ? '^' : ''}${inner}]`;
  }

  #classCharacter(): string {
    const character = this.next();
    if (character === '' || character === '-' || character === ']') throw this.error('has a class that is malformed');
    if (character !== '\\') return character;
    if (this.done) throw this.error('ends with a backslash');
    return this.next();
  }

  error(what: string): TransferError {
    return new TransferError('bad-pattern', this.#pattern, `the pattern ${printable(this.#pattern)} ${what}`);
  }
}

function literal(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

function codePoint(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? '0'}}`;
}

function unreachable(value: never): never {
  throw new Error(`unexpected form ${String(value)}`);
}
