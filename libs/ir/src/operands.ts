import type { Op, OpId, Text } from './ops.js';
import { opRow, opRows } from './schema/op-table.js';
import { runOptionRows } from './schema/option-table.js';
import type { NamedShape, ShapeData } from './schema/shape.js';
import { type Attributed, isList, isOpId, isRecord, isText } from './schema/values.js';

/** Whether an op yields a file system or a text. */
export function valueType(op: Op): 'fs' | 'string' {
  return opRow(op.kind)?.group === 'string' ? 'string' : 'fs';
}

/**
 * Every op that this one reads, in the order of its attributes: inputs, mounts, inputs of frontends, texts that are only known
 * later. One that is read twice stands there twice.
 */
export function operands(op: Op): readonly OpId[] {
  const found: OpId[] = [];
  visitOp(
    op,
    operandVisitor((id) => found.push(id)),
  );
  return found;
}

/** The visitor that calls `f` for each operand, for all ops of a module. */
export function operandVisitor(f: (id: OpId) => void): Visitor {
  return {
    value: f,
    text: ({ text }) => {
      if (typeof text !== 'string') f(text);
    },
  };
}

/** The operands that are file systems, texts left out. */
export function valueOperands(op: Op): readonly OpId[] {
  const found: OpId[] = [];
  visitOp(op, { value: (id) => found.push(id), text: () => undefined });
  return found;
}

/** A place of an op that reads another. */
export interface OperandUse {
  readonly id: OpId;
  /** The attribute that holds it: `input`, `source`, `options`. */
  readonly attribute: string;
  readonly type: 'fs' | 'string';
}

/** What `operands` gives, with the attribute that each stands in. */
export function operandUses(op: Op): readonly OperandUse[] {
  const found: OperandUse[] = [];
  for (const { name, shape } of readingAttributes.get(op.kind) ?? []) {
    visit(shape, attribute(op, name), {
      value: (id) => found.push({ id, attribute: name, type: 'fs' }),
      text: ({ text }) => {
        if (typeof text !== 'string') found.push({ id: text, attribute: name, type: 'string' });
      },
    });
  }
  return found;
}

/** Every text of an op, in the order of its attributes. */
export function texts(op: Op): readonly Text[] {
  const found: Text[] = [];
  visitOp(op, { value: () => undefined, text: (text) => found.push(text) });
  return found;
}

/** The op with each operand replaced by `f` of it; the same object where nothing changes. */
export function mapOperands(op: Op, f: (id: OpId) => OpId): Op {
  return mapReads(op, operandMapper(f));
}

/** The mapper that replaces each operand by `f` of it, for all ops of a module. */
export function operandMapper(f: (id: OpId) => OpId): ReadsMapper {
  return {
    value: f,
    text: (text) => {
      if (typeof text.text === 'string') return text;
      const id = f(text.text);
      return id === text.text ? text : { ...text, text: id };
    },
  };
}

/** The op with each text replaced by `f` of it; the same object where `f` gives back what it got. */
export function mapTexts(op: Op, f: (text: Text) => Text): Op {
  return mapReads(op, { value: (id) => id, text: f });
}

/** What is called for the operands of an op: for file systems, and for texts whether known or not. */
export interface Visitor {
  value(id: OpId): void;
  text(text: Text): void;
}

/** What becomes of the operands of an op: of file systems, and of texts whether known or not. */
export interface ReadsMapper {
  value(id: OpId): OpId;
  text(text: Text): Text;
}

/** The attributes of each kind that hold operands or texts; the others are never looked at. */
const readingAttributes: ReadingAttributes = readingOf(opRows);
/** The same of each kind of option. */
const readingOptions: ReadingAttributes = readingOf(runOptionRows);

type ReadingAttributes = ReadonlyMap<string, readonly NamedShape[]>;

function readingOf(
  rows: readonly { readonly kind: string; readonly attributes: readonly NamedShape[] }[],
): ReadingAttributes {
  return new Map(rows.map((row) => [row.kind, row.attributes.filter(({ shape }) => reads(shape))]));
}

function reads(shape: ShapeData): boolean {
  switch (shape.type) {
    case 'text':
    case 'value':
    case 'options':
      return true;
    case 'optional':
    case 'list':
      return reads(shape.item);
    case 'record':
    case 'pairs':
      return shape.fields.some((field) => reads(field.shape));
    default:
      return false;
  }
}

/** Shows a visitor all that an op reads, in the order of its attributes. */
export function visitOp(op: Op, visitor: Visitor): void {
  if (isRecord(op)) visitFields(readingAttributes.get(op.kind) ?? [], op, visitor);
}

function visitFields(fields: readonly NamedShape[], record: Attributed, visitor: Visitor): void {
  for (const { name, shape } of fields) visit(shape, record[name], visitor);
}

function visit(shape: ShapeData, value: unknown, visitor: Visitor): void {
  switch (shape.type) {
    case 'text':
      if (isText(value)) visitor.text(value);
      return;
    case 'value':
      if (isOpId(value)) visitor.value(value);
      return;
    case 'optional':
      if (value !== undefined) visit(shape.item, value, visitor);
      return;
    case 'list':
      if (isList(value)) for (const item of value) visit(shape.item, item, visitor);
      return;
    case 'record':
      if (isRecord(value)) visitFields(shape.fields, value, visitor);
      return;
    case 'pairs':
      if (isList(value)) for (const item of value) if (isRecord(item)) visitFields(shape.fields, item, visitor);
      return;
    case 'options':
      if (!isList(value)) return;
      for (const item of value) if (isRecord(item)) visitFields(optionAttributes(item), item, visitor);
      return;
    default:
      return;
  }
}

/** The op with all that it reads mapped; the same object where nothing changes. */
export function mapReads(op: Op, mapper: ReadsMapper): Op {
  if (!isRecord(op)) return op;
  let changed: Op | undefined;
  let fields: Record<string, unknown> | undefined;
  for (const { name, shape } of readingAttributes.get(op.kind) ?? []) {
    const value = op[name];
    const mapped = map(shape, value, mapper);
    if (mapped === value) continue;
    // One copy, however many attributes change: large modules are mapped again and again.
    if (fields === undefined) {
      const copy = { ...op };
      changed = copy;
      fields = copy;
    }
    fields[name] = mapped;
  }
  return changed ?? op;
}

function mapRecord(fields: readonly NamedShape[], record: Attributed, mapper: ReadsMapper): Attributed {
  let changed: Record<string, unknown> | undefined;
  for (const { name, shape } of fields) {
    const value = record[name];
    const mapped = map(shape, value, mapper);
    if (mapped === value) continue;
    changed ??= { ...record };
    changed[name] = mapped;
  }
  return changed ?? record;
}

function map(shape: ShapeData, value: unknown, mapper: ReadsMapper): unknown {
  switch (shape.type) {
    case 'text':
      return isText(value) ? mapper.text(value) : value;
    case 'value':
      return isOpId(value) ? mapper.value(value) : value;
    case 'optional':
      return value === undefined ? value : map(shape.item, value, mapper);
    case 'list':
      return mapList(value, (item) => map(shape.item, item, mapper));
    case 'record':
      return isRecord(value) ? mapRecord(shape.fields, value, mapper) : value;
    case 'pairs':
      return mapList(value, (item) => (isRecord(item) ? mapRecord(shape.fields, item, mapper) : item));
    case 'options':
      return mapList(value, (item) => (isRecord(item) ? mapRecord(optionAttributes(item), item, mapper) : item));
    default:
      return value;
  }
}

/** The list with `f` of each item; the same list where nothing changes. */
function mapList(value: unknown, f: (item: unknown) => unknown): unknown {
  if (!isList(value)) return value;
  let changed: unknown[] | undefined;
  value.forEach((item, index) => {
    const mapped = f(item);
    if (mapped === item) return;
    changed ??= [...value];
    changed[index] = mapped;
  });
  return changed ?? value;
}

function optionAttributes(option: Attributed): readonly NamedShape[] {
  return (typeof option.kind === 'string' ? readingOptions.get(option.kind) : undefined) ?? [];
}

function attribute(op: Op, name: string): unknown {
  return isRecord(op) ? op[name] : undefined;
}
