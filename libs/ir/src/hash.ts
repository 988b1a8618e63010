import { unreachable } from '@hlb/diagnostics';
import type { Op, OpId } from './ops.js';
import { opRow, opRows } from './schema/op-table.js';
import { runOptionRow } from './schema/option-table.js';
import type { NamedShape, ShapeData } from './schema/shape.js';
import { type Attributed, isList, isRecord, isText } from './schema/values.js';

/**
 * A hash (32 bits) of what an op is: its kind and attributes, operands by id; origins and places left out. Equal ops have equal
 * hashes. It is the same in every process, but not for ever: nothing outside of one run may depend on it.
 */
export function hashOp(op: Op): number {
  const row = opRow(op.kind);
  return isRecord(op) && row !== undefined ? mixFields(mixText(seed, op.kind), row.attributes, op) : 0;
}

/** Whether two ops of one module are the same: kind, attributes and operands; origins and places don't count. */
export function equalOps(a: Op, b: Op): boolean {
  if (a === b) return true;
  const row = opRow(a.kind);
  return a.kind === b.kind && row !== undefined && isRecord(a) && isRecord(b) && equalFields(row.attributes, a, b);
}

/** Finds ops that are the same: linear in the ops that it is shown. */
export class OpTable {
  /** By kind and first operand, since most ops are told apart by these: what else they hold is compared only where several agree. */
  readonly #alike = new Map<string, Map<number, Alike>>();

  /** The id under which an equal op was shown first; `id` where this is the first one. */
  intern(op: Op, id: OpId): OpId {
    let ofKind = this.#alike.get(op.kind);
    if (ofKind === undefined) {
      ofKind = new Map();
      this.#alike.set(op.kind, ofKind);
    }
    const operand = firstOperand(op);
    const alike = ofKind.get(operand);
    if (alike === undefined) {
      ofKind.set(operand, { op, id, rows: undefined });
      return id;
    }
    alike.rows ??= new Map([[hashOp(alike.op), { op: alike.op, id: alike.id, next: undefined }]]);
    return internByHash(alike.rows, op, id);
  }
}

/** Ops of one kind with one first operand. */
interface Alike {
  readonly op: Op;
  readonly id: OpId;
  /** Where there are more than the first: of each hash the first op, and the others after it; few hashes have more than one. */
  rows: Map<number, Row> | undefined;
}

interface Row {
  readonly op: Op;
  readonly id: OpId;
  readonly next: Row | undefined;
}

function internByHash(rows: Map<number, Row>, op: Op, id: OpId): OpId {
  const hash = hashOp(op);
  const first = rows.get(hash);
  for (let row = first; row !== undefined; row = row.next) {
    if (equalOps(row.op, op)) return row.id;
  }
  rows.set(hash, { op, id, next: first });
  return id;
}

/** The attribute of each kind that holds its first operand. */
const operandNames: ReadonlyMap<string, string | undefined> = new Map(
  opRows.map(({ kind, attributes }) => [kind, attributes.find(({ shape }) => shape.type === 'value')?.name]),
);

/** The first operand of an op; -1 where it must have none. */
function firstOperand(op: Op): number {
  const name = operandNames.get(op.kind);
  const operand = name !== undefined && isRecord(op) ? op[name] : undefined;
  return typeof operand === 'number' ? operand : -1;
}

/** Offset basis and prime of FNV-1a (32 bits). */
const seed = 0x811c9dc5;
const prime = 0x01000193;

function mix(hash: number, value: number): number {
  return Math.imul(hash ^ value, prime);
}

function mixText(hash: number, text: string): number {
  let mixed = mix(hash, text.length);
  for (let at = 0; at < text.length; at++) mixed = mix(mixed, text.charCodeAt(at));
  return mixed;
}

function mixFields(hash: number, fields: readonly NamedShape[], record: Attributed): number {
  let mixed = hash;
  for (const { name, shape } of fields) mixed = mixValue(mixed, shape, record[name]);
  return mixed;
}

function mixList(hash: number, value: unknown, item: (hash: number, item: unknown) => number): number {
  if (!isList(value)) return hash;
  let mixed = mix(hash, value.length);
  for (const each of value) mixed = item(mixed, each);
  return mixed;
}

function mixValue(hash: number, shape: ShapeData, value: unknown): number {
  switch (shape.type) {
    case 'text':
      if (!isText(value)) return hash;
      return typeof value.text === 'string' ? mixText(hash, value.text) : mix(mix(hash, -1), value.text);
    case 'value':
    case 'count':
    case 'result':
      return typeof value === 'number' ? mix(hash, value) : mix(hash, -1);
    case 'flag':
      return mix(hash, value === true ? 1 : 0);
    case 'string':
    case 'word':
    case 'int':
      return mixText(hash, String(value));
    case 'bytes': {
      if (!(value instanceof Uint8Array)) return hash;
      let mixed = mix(hash, value.length);
      for (const byte of value) mixed = mix(mixed, byte);
      return mixed;
    }
    case 'optional':
      return value === undefined ? mix(hash, -1) : mixValue(hash, shape.item, value);
    case 'list':
      return mixList(hash, value, (mixed, item) => mixValue(mixed, shape.item, item));
    case 'record':
      return isRecord(value) ? mixFields(hash, shape.fields, value) : hash;
    case 'pairs':
      return mixList(hash, value, (mixed, item) => (isRecord(item) ? mixFields(mixed, shape.fields, item) : mixed));
    case 'options':
      return mixList(hash, value, (mixed, item) =>
        isRecord(item) ? mixFields(mixText(mixed, String(item.kind)), optionFields(item), item) : mixed,
      );
    default:
      return unreachable(shape);
  }
}

function equalFields(fields: readonly NamedShape[], a: Attributed, b: Attributed): boolean {
  return fields.every(({ name, shape }) => equalValues(shape, a[name], b[name]));
}

function equalLists(a: unknown, b: unknown, equal: (a: unknown, b: unknown) => boolean): boolean {
  return isList(a) && isList(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
}

function equalRecords(fields: readonly NamedShape[], a: unknown, b: unknown): boolean {
  return isRecord(a) && isRecord(b) && equalFields(fields, a, b);
}

function equalValues(shape: ShapeData, a: unknown, b: unknown): boolean {
  if (a === b) return true;
  switch (shape.type) {
    case 'text':
      return isText(a) && isText(b) && a.text === b.text;
    case 'bytes':
      return a instanceof Uint8Array && b instanceof Uint8Array && equalBytes(a, b);
    case 'optional':
      return a !== undefined && b !== undefined && equalValues(shape.item, a, b);
    case 'list':
      return equalLists(a, b, (one, other) => equalValues(shape.item, one, other));
    case 'record':
      return equalRecords(shape.fields, a, b);
    case 'pairs':
      return equalLists(a, b, (one, other) => equalRecords(shape.fields, one, other));
    case 'options':
      return equalLists(
        a,
        b,
        (one, other) =>
          isRecord(one) && isRecord(other) && one.kind === other.kind && equalFields(optionFields(one), one, other),
      );
    default:
      return false;
  }
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function optionFields(option: Attributed): readonly NamedShape[] {
  return (typeof option.kind === 'string' ? runOptionRow(option.kind)?.attributes : undefined) ?? [];
}
