import type { SourceFile } from '@hlb/diagnostics';
import type { Op, OpId, OpKind, Origin, RunOption, Text } from './ops.js';
import { type OpOf, opRow } from './schema/op-table.js';
import { runOptionRow } from './schema/option-table.js';
import { type AttributeRow, isRequired, omittedValue } from './schema/row.js';
import type { ShapeData } from './schema/shape.js';
import { type Attributed, isList, isOpId, isRecord } from './schema/values.js';
import { isOpOf, opFaults } from './verify/well-formed.js';

/** The attributes of an op as they are given to `makeOp`: a text may be a plain string or the id of a string op. */
export type OpInit<Kind extends OpKind> = Init<Omit<OpOf<Kind>, 'kind' | 'origins'>>;

type Init<Attributes> = {
  readonly [Name in keyof Attributes as MayBeLeftOut<Name, Attributes[Name]> extends true ? never : Name]: Loose<
    Attributes[Name]
  >;
} & {
  readonly [Name in keyof Attributes as MayBeLeftOut<Name, Attributes[Name]> extends true ? Name : never]?: Loose<
    Attributes[Name]
  >;
};

/** What the text form may leave out; lists that an op must have are asked for at run time. */
type MayBeLeftOut<Name, Value> = undefined extends Value
  ? true
  : Value extends boolean | readonly unknown[] | number | string
    ? Value extends OpId
      ? false
      : true
    : Name extends 'result' | 'capture'
      ? true
      : false;

type Loose<Value> = Value extends Text
  ? Text | string | OpId
  : Value extends OpId | Uint8Array | string | bigint | boolean | undefined
    ? Value
    : Value extends readonly (infer Item)[]
      ? readonly Loose<Item>[]
      : Value extends RunOption
        ? { readonly kind: Value['kind'] } & Init<Omit<Value, 'kind'>>
        : Value extends object
          ? { readonly [Name in keyof Value]: Loose<Value[Name]> }
          : Value;

/**
 * Makes an op; attributes that the text form may leave out may be left out here. For ops that passes insert: `origins` are then
 * those of the op that they are made for. Throws a `RangeError` for attributes that don't make an op.
 */
export function makeOp<Kind extends OpKind>(
  kind: Kind,
  attributes: OpInit<Kind>,
  origins: readonly Origin[] = [],
): OpOf<Kind> {
  const given: unknown = attributes;
  const values = isRecord(given) ? given : {};
  const made: unknown = { kind, ...completed(opRow(kind)?.attributes ?? [], values), origins };
  if (!isOpOf(kind, made)) throw new RangeError(`no op of kind ${kind}: ${opFaults(made).join('; ')}`);
  return made;
}

/** The origins of several ops that become one, each once. */
export function joinOrigins(ops: readonly Op[]): readonly Origin[] {
  const [first] = ops;
  if (first !== undefined && ops.length === 1) return first.origins;
  // Evaluated twice, or read from text, one place in a call is several objects.
  const files = new Map<SourceFile, number>();
  const placesIn = new Map<Origin | undefined, Set<string>>();
  return ops
    .flatMap((op) => op.origins)
    .filter(({ span: { file, start, end }, caller }) => {
      const number = files.get(file) ?? files.size;
      files.set(file, number);
      const places = placesIn.get(caller) ?? new Set();
      placesIn.set(caller, places);
      const { size } = places;
      return places.add(`${number} ${start} ${end}`).size > size;
    });
}

/** The values with texts for plain strings and with those that go without saying. */
function completed(rows: readonly AttributeRow[], values: Attributed): Attributed {
  const all: Record<string, unknown> = {};
  for (const row of rows) {
    const given = values[row.name] !== undefined;
    all[row.name] = given || isRequired(row) ? filled(row.shape, values[row.name]) : omittedValue(row);
  }
  return { ...values, ...all };
}

/** The value with plain strings and ids made texts, wherever its shape has texts. */
function filled(shape: ShapeData, value: unknown): unknown {
  switch (shape.type) {
    case 'text':
      return typeof value === 'string' || isOpId(value) ? { text: value } : value;
    case 'optional':
      return value === undefined ? undefined : filled(shape.item, value);
    case 'list':
      return isList(value) ? value.map((item) => filled(shape.item, item)) : value;
    case 'record':
    case 'pairs': {
      const fill = (item: unknown): unknown =>
        isRecord(item)
          ? { ...item, ...Object.fromEntries(shape.fields.map((f) => [f.name, filled(f.shape, item[f.name])])) }
          : item;
      return shape.type === 'record' ? fill(value) : isList(value) ? value.map(fill) : value;
    }
    case 'options':
      return isList(value)
        ? value.map((item) => {
            const row = isRecord(item) && typeof item.kind === 'string' ? runOptionRow(item.kind) : undefined;
            return row !== undefined && isRecord(item) ? completed(row.attributes, item) : item;
          })
        : value;
    default:
      return value;
  }
}
