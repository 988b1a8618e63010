import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import { MAX_DIAGNOSTICS, TokenKind, type TokenList } from '@hlb/lexer';
import type { Bad, Block, Expr, Fragment, NodeRange, Stmt, Trivia } from '../../ast.js';
import { ItemStack } from './item-stack.js';
import { NameCache } from './name-cache.js';

/**
 * The rules that contain each other: expressions hold blocks, blocks hold statements, statements hold expressions.
 * Each lives in a file of its own and reaches the others through this.
 */
export interface Rules {
  /** At a token that starts an expression. */
  readonly expr: (p: Parser) => Expr;
  /** At `{`. */
  readonly block: (p: Parser) => Block;
}

/**
 * How deep brackets, braces and interpolations may nest, together. Parser and printer are recursive, and Node's stack of 984 KiB
 * must hold them beside what called them.
 */
export const MAX_DEPTH = 1000;

/**
 * Where the parser stands in the tokens, and what it has reported.
 *
 * Errors: one mistake shall give one diagnostic. So the first error silences the parser until it has found its way again, at the
 * next statement, declaration or line of a list, where `settle` is called.
 */
export class Parser {
  readonly file: SourceFile;
  readonly rules: Rules;
  readonly diagnostics: Diagnostic[] = [];
  readonly #kinds: Uint8Array;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #last: number;
  /** The items of the lists that are being read, by their kinds. */
  readonly args: ItemStack<Expr> = new ItemStack();
  readonly fragments: ItemStack<Fragment> = new ItemStack();
  readonly statements: ItemStack<Stmt | Trivia | Bad> = new ItemStack();
  readonly #names: NameCache;
  /** Number of the current token; never beyond the last, `eof`. */
  at = 0;
  /** How many calls were read: the number of the next. */
  calls = 0;
  /** How many brackets, braces and interpolations the current token stands in. */
  depth = 0;
  /** Whether the file's nesting was reported as too deep. */
  tooDeep = false;
  /** The token at which a declaration was found where a block's `}` is missing: everything open ends there. */
  declarationAt = -1;
  /** Whether a literal came by that the file does not close; braces behind it may be part of its text. */
  unclosedLiteral = false;
  /** Whether what was read last outside of all blocks was no declaration. */
  lost = false;
  #quiet = false;

  constructor(file: SourceFile, tokens: TokenList, rules: Rules) {
    this.rules = rules;
    this.file = file;
    this.#names = new NameCache(file.text);
    this.#kinds = tokens.kinds;
    this.#starts = tokens.starts;
    this.#ends = tokens.ends;
    this.#last = tokens.count - 1;
  }

  /** Kind of the current token. */
  get kind(): number {
    return this.#kinds[this.at] ?? TokenKind.eof;
  }

  /** Whether the current token is of that kind. */
  is(kind: number): boolean {
    return this.#kinds[this.at] === kind;
  }

  /** Kind of the token that many places ahead. */
  kindAhead(places: number): number {
    return this.#kinds[this.at + places] ?? TokenKind.eof;
  }

  /** Start of the current token. */
  get start(): number {
    return this.#starts[this.at] ?? 0;
  }

  /** End of the current token. */
  get end(): number {
    return this.#ends[this.at] ?? 0;
  }

  /** Start of token number `at`. */
  startOf(at: number): number {
    return this.#starts[at] ?? 0;
  }

  /** Range of token number `at`. */
  rangeOf(at: number): NodeRange {
    return { start: this.#starts[at] ?? 0, end: this.#ends[at] ?? 0 };
  }

  /** End of the token before the current one; 0 at the first. */
  get lastEnd(): number {
    return this.at === 0 ? 0 : (this.#ends[this.at - 1] ?? 0);
  }

  /** Text of the current token. */
  get text(): string {
    return this.#names.slice(this.start, this.end);
  }

  advance(): void {
    if (this.at < this.#last) this.at++;
  }

  /** Reports an error, unless one was reported since the parser last knew its way. */
  report(make: () => Diagnostic): void {
    if (!this.#quiet && this.diagnostics.length < MAX_DIAGNOSTICS) this.diagnostics.push(make());
    this.#quiet = true;
  }

  /** Whether an error was reported since the parser last knew its way. */
  get quiet(): boolean {
    return this.#quiet;
  }

  /** Says that what comes may follow from a mistake that was reported already. */
  silence(): void {
    this.#quiet = true;
  }

  /** Says that the parser knows its way: the next error is one of its own. */
  settle(): void {
    this.#quiet = false;
  }
}
