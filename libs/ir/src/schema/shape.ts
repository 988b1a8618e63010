import type { OpId, OpKind, ResolvedLocal, RunOp, RunOption, Text } from '../ops.js';

/**
 * What the values of an attribute look like. Whatever is generic (operands, text form, hashing, verifying, the reference page)
 * is a `switch` over these, so that an op is one row of a table.
 */
export type ShapeData =
  /** A `Text`: known, or the value of a string op. */
  | { readonly type: 'text' }
  /** An operand: any op that yields a file system, or one of a single kind. */
  | { readonly type: 'value'; readonly of: 'fs' | OpKind }
  | { readonly type: 'flag' }
  | { readonly type: 'string' }
  /** A `bigint` from 0 to 2⁶³ − 1; permission bits are written in octal. */
  | { readonly type: 'int'; readonly radix: 8 | 10 }
  /** A `number` that counts, from 0. */
  | { readonly type: 'count' }
  | { readonly type: 'word'; readonly words: readonly string[] }
  | { readonly type: 'bytes' }
  | { readonly type: 'optional'; readonly item: ShapeData }
  | { readonly type: 'list'; readonly item: ShapeData }
  | { readonly type: 'record'; readonly fields: readonly NamedShape[] }
  /** A list of records with two attributes, a key and a value. */
  | { readonly type: 'pairs'; readonly fields: readonly [NamedShape, NamedShape] }
  /** The options of a run, each a row of the option table. */
  | { readonly type: 'options' }
  /** Which of its file systems a run gives. */
  | { readonly type: 'result' };

export interface NamedShape {
  readonly name: string;
  readonly shape: ShapeData;
}

/** A shape together with the TypeScript type that it stands for, which must be the attribute's exactly. */
export type Shape<T> = ShapeData & { readonly __value?: (value: T) => T };

export const text: Shape<Text> = { type: 'text' };
export const fs: Shape<OpId> = { type: 'value', of: 'fs' };
export const flag: Shape<boolean> = { type: 'flag' };
export const string: Shape<string> = { type: 'string' };
export const int: Shape<bigint> = { type: 'int', radix: 10 };
export const mode: Shape<bigint> = { type: 'int', radix: 8 };
export const count: Shape<number> = { type: 'count' };
export const bytes: Shape<Uint8Array> = { type: 'bytes' };
export const options: Shape<readonly RunOption[]> = { type: 'options' };
export const result: Shape<RunOp['result']> = { type: 'result' };

/** An operand of one kind. */
export function value(of: OpKind): Shape<OpId> {
  return { type: 'value', of };
}

export function word<const Words extends readonly string[]>(...words: Words): Shape<Words[number]> {
  return { type: 'word', words };
}

export function optional<T>(item: Shape<T>): Shape<T | undefined> {
  return { type: 'optional', item };
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return { type: 'list', item };
}

/** The attributes of a record, in the order of the text form. */
export function record<T>(fields: { readonly [Name in keyof T]: Shape<T[Name]> }): Shape<T> {
  return { type: 'record', fields: named(fields) };
}

export function textPairs<Key extends string, Value extends string>(
  key: Key,
  value: Value,
): Shape<readonly { readonly [Name in Key | Value]: Text }[]> {
  return {
    type: 'pairs',
    fields: [
      { name: key, shape: text },
      { name: value, shape: text },
    ],
  };
}

export const inputs: Shape<readonly { readonly key: Text; readonly value: OpId }[]> = {
  type: 'pairs',
  fields: [
    { name: 'key', shape: text },
    { name: 'value', shape: fs },
  ],
};

export const platform: Shape<{ readonly os: Text; readonly arch: Text }> = record<{
  readonly os: Text;
  readonly arch: Text;
}>({ os: text, arch: text });

export const resolved: Shape<ResolvedLocal> = record<ResolvedLocal>({
  kind: word('directory', 'file'),
  realPath: string,
});

function named(fields: { readonly [name: string]: ShapeData }): readonly NamedShape[] {
  return Object.entries(fields).map(([name, shape]) => ({ name, shape }));
}
