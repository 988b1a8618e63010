import { hash } from 'node:crypto';

/** What stands for a word that is not shown: a part of its keyed hash, so that it can be compared. */
const HIDDEN = /\u2039[0-9a-f]{8}\u203a/g;

const WORD = /[\p{L}\p{N}_]+/gu;

/** Words that compilers and engines add, and that tell nothing. */
const USUAL = [
  'bin sh c usr local sbin PATH docker io library latest image http https git ssh registry localhost linux amd64 arm64',
  'root true false scratch readonly shared private locked tmpfs cache mount bind sandbox host none insecure',
]
  .join(' ')
  .split(' ');

/**
 * Writes texts down with only such words as stand in the program, since others may come from the environment or a command, and be
 * secret. Words that are hidden can be compared, by whoever has the key.
 */
export class HiddenText {
  readonly #key: Uint8Array;
  readonly #known = new Set(USUAL);

  /** @param key of this user; without it a guessed word can't be recognised */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** Takes in a file of the program. */
  addProgram(text: string): void {
    for (const [word] of text.matchAll(WORD)) this.#known.add(word);
  }

  /** The text, with a hash in the place of each word that the program does not have. */
  hide(text: string): string {
    return text.replace(WORD, (word) => (this.#known.has(word) ? word : `‹${this.hash(word, 8)}›`));
  }

  /** The same for a value as a whole: one that has a word to hide is hidden with all else that it holds. */
  hideValue(text: string): string {
    const words = text.match(WORD) ?? [];
    return words.every((word) => this.#known.has(word)) ? text : `‹${this.hash(text, 8)}›`;
  }

  /** Hex digits of the keyed hash. */
  hash(data: string | Uint8Array, digits = 32): string {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    return hash('sha256', Buffer.concat([this.#key, bytes])).slice(0, digits);
  }
}

/** A text as people see it: dots for what is hidden. */
export function shownText(text: string): string {
  return text.replace(HIDDEN, '•••');
}

/** Whether something of a text is hidden. */
export function hasHidden(text: string): boolean {
  return text.search(HIDDEN) !== -1;
}
