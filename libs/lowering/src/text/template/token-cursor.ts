import { syntaxError } from './error.js';
import type { Token } from './tokens.js';

/** A place in the tokens of a template. */
export class TokenCursor {
  at = 0;
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token here; `undefined` at the end of the template. */
  get current(): Token | undefined {
    return this.#tokens[this.at];
  }

  /** The token here; the end of the template counts as the end of an action. */
  peek(): Token {
    return this.current ?? { kind: 'close' };
  }

  skipSpace(): void {
    while (this.current?.kind === 'space') this.at += 1;
  }

  /** Takes the end of an action. */
  close(): void {
    this.skipSpace();
    const token = this.peek();
    if (token.kind !== 'close') throw syntaxError(`unexpected ${shown(token)}`);
    this.at += 1;
  }

  /** Takes the name of a template, a text. */
  name(context: string): string {
    this.skipSpace();
    const token = this.peek();
    if (token.kind !== 'string') throw syntaxError(`unexpected ${shown(token)} in ${context}`);
    this.at += 1;
    this.skipSpace();
    return token.text;
  }
}

/** A token as messages show it. */
export function shown(token: Token): string {
  return 'text' in token ? JSON.stringify(token.text) : `${token.kind}`;
}
