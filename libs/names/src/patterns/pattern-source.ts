import type { PatternToken } from './pattern-matcher.js';

/** A pattern that BuildKit would refuse. */
export class InvalidPatternError extends TypeError {
  override readonly name = 'InvalidPatternError';
  readonly pattern: string;
  /** What is wrong, as the rest of a sentence about the pattern. */
  readonly reason: string;

  constructor(pattern: string, reason: string) {
    super(`the pattern ${JSON.stringify(pattern)} ${reason}`);
    this.pattern = pattern;
    this.reason = reason;
  }
}

/** Reads a pattern by code points. */
export class PatternSource {
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

  /** What follows a backslash. */
  escaped(): string {
    if (this.done) throw this.error('ends with a backslash');
    return this.next();
  }

  /** The rest of a class after its `[`. */
  characterClass(): PatternToken {
    const ranges: [number, number][] = [];
    const negated = this.peek() === '^';
    if (negated) this.next();
    for (;;) {
      if (this.done) throw this.error('has a [ without its ]');
      if (this.peek() === ']' && ranges.length > 0) break;
      const low = this.#classCharacter();
      let high = low;
      if (this.peek() === '-') {
        this.next();
        high = this.#classCharacter();
      }
      const range: [number, number] = [pointOf(low), pointOf(high)];
      if (range[0] > range[1]) throw this.error(`has a range that is the wrong way round: ${low}-${high}`);
      ranges.push(range);
    }
    this.next();
    return { kind: 'class', negated, ranges };
  }

  error(reason: string): InvalidPatternError {
    return new InvalidPatternError(this.#pattern, reason);
  }

  #classCharacter(): string {
    const character = this.next();
    if (character === '' || character === '-' || character === ']') throw this.error('has a class that is malformed');
    return character === '\\' ? this.escaped() : character;
  }
}

/** A character as itself. */
export function literal(character: string): PatternToken {
  return { kind: 'character', point: pointOf(character) };
}

function pointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
