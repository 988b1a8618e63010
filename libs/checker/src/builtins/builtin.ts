import type { Kind } from './kind.js';

/** One overload of a builtin name. */
export interface Builtin {
  readonly name: string;
  readonly kind: Kind;
  readonly params: readonly BuiltinParam[];
  readonly effects: readonly { readonly name: string; readonly type: Kind }[];
  /** The kind of its options (`option::run`), where it takes any. */
  readonly options: Kind | undefined;
  readonly deprecated: boolean;
  /** Markdown: what it does, for hover texts and the reference. */
  readonly doc: string;
}

export interface BuiltinParam {
  readonly name: string;
  readonly type: Kind;
  readonly variadic: boolean;
}
