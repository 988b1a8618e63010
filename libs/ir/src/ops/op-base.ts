import type { Span } from '@hlb/diagnostics';

/**
 * The ops of the IR. A module holds them in a list in which every op stands after its operands; an `OpId` is a place in that
 * list. Values are of type `fs` or `string`; numbers and truth values are known when a program has been elaborated, so they are
 * attributes. Everything generic goes through `operands` and `mapOperands`.
 */
export type OpId = number & { readonly __brand: 'OpId' };

/**
 * Where an op comes from: the name of the call that made it, and the calls around that, innermost first. LLB source locations
 * and backtraces are made of it.
 */
export interface Origin {
  readonly span: Span;
  readonly caller: Origin | undefined;
}

/** A text: known, or the string value of an op. */
export interface Text {
  readonly text: string | OpId;
  /** The argument that gave it, for diagnostics; no part of the op's meaning. */
  readonly at?: Span;
}

/** What every op has. */
export interface OpBase {
  /**
   * The calls that made it; several after ops were shared. Empty for what was inserted without a call of its own. No part of
   * the op's meaning.
   */
  readonly origins: readonly Origin[];
}
