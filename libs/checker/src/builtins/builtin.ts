import type { Kind } from '../kind.js';
import type { ValueFormat } from '../values/format.js';

/** One overload of a builtin name. */
export interface Builtin {
  readonly name: string;
  readonly kind: Kind;
  readonly params: readonly BuiltinParam[];
  readonly effects: readonly BuiltinEffect[];
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
  /** What its text must look like, where not every text will do. */
  readonly format?: ValueFormat;
}

/** A further result of a call, which `as` can bind to a name. */
export interface BuiltinEffect {
  readonly name: string;
  readonly type: Kind;
}

/** The parts of a row that not every builtin has. */
interface BuiltinExtras {
  readonly options?: Kind;
  readonly effects?: readonly BuiltinEffect[];
}

/** A row of the table. */
export function builtin(
  kind: Kind,
  name: string,
  params: readonly BuiltinParam[],
  doc: string,
  extras: BuiltinExtras = {},
): Builtin {
  return { name, kind, params, effects: extras.effects ?? [], options: extras.options, deprecated: false, doc };
}

/** A parameter that takes one value. */
export function param(type: Kind, name: string, format?: ValueFormat): BuiltinParam {
  return format === undefined ? { name, type, variadic: false } : { name, type, variadic: false, format };
}

/** A last parameter that takes any number of values, none included. */
export function variadic(type: Kind, name: string): BuiltinParam {
  return { name, type, variadic: true };
}

/** The declaration as a program would write it: `fs copy(fs input, string src, string dst)`. */
export function builtinSignature(row: Builtin): string {
  const params = row.params.map((p) => `${p.variadic ? 'variadic ' : ''}${p.type} ${p.name}`).join(', ');
  const effects = row.effects.map((e) => `${e.type} ${e.name}`).join(', ');
  return `${row.kind} ${row.name}(${params})${effects === '' ? '' : ` binds (${effects})`}`;
}
