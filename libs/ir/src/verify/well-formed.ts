import { unreachable } from '@hlb/diagnostics';
import type { Op, OpKind } from '../ops.js';
import { type OpOf, opRow } from '../schema/op-table.js';
import { runOptionRow } from '../schema/option-table.js';
import type { AttributeRow } from '../schema/row.js';
import type { NamedShape, ShapeData } from '../schema/shape.js';
import { type Attributed, isList, isOpId, isOrigin, isRecord, isSpan, isText } from '../schema/values.js';
import { quote } from '../text/quote.js';

/** HLB's integers have 64 bits and a sign, and there is no way to write a negative one. */
const intLimit = 2n ** 63n;

/** What keeps a value from being an op as the table describes it; empty for an op. */
export function opFaults(value: unknown): readonly string[] {
  if (!isRecord(value)) return [`expected an op, found ${shown(value)}`];
  const { kind, origins } = value;
  const row = typeof kind === 'string' ? opRow(kind) : undefined;
  if (row === undefined) return [`there is no op of kind ${shown(kind)}`];
  const faults = attributeFaults(value, row.attributes, ['kind', 'origins']);
  if (!isList(origins)) faults.push(`attribute origins: expected a list of origins, found ${shown(origins)}`);
  else faults.push(...origins.flatMap(originFaults));
  return faults;
}

/** What keeps a value from being a request; `undefined` for one. Groups may nest as deeply as a program's functions. */
export function requestFault(value: unknown): string | undefined {
  const rest: { readonly value: unknown; readonly leaving: boolean }[] = [{ value, leaving: false }];
  const around = new Set<unknown>();
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const request = next.value;
    if (next.leaving) {
      around.delete(request);
      continue;
    }
    if (!isRecord(request)) return expected('a request', request);
    if (request.kind === 'nothing') continue;
    if (request.kind === 'solve' && isOpId(request.value)) continue;
    if (request.kind === 'text' && (typeof request.value === 'string' || isOpId(request.value))) continue;
    if ((request.kind !== 'parallel' && request.kind !== 'sequential') || !isList(request.requests)) {
      return `there is no request of kind ${shown(request.kind)} with these attributes`;
    }
    if (around.has(request)) return 'a group of requests holds itself';
    around.add(request);
    rest.push({ value: request, leaving: true });
    for (const inner of request.requests) rest.push({ value: inner, leaving: false });
  }
  return undefined;
}

/** Whether a value is an op as the table describes it. */
export function isOp(value: unknown): value is Op {
  return opFaults(value).length === 0;
}

/** Whether a value is an op of one kind. */
export function isOpOf<Kind extends OpKind>(kind: Kind, value: unknown): value is OpOf<Kind> {
  return isOp(value) && value.kind === kind;
}

function attributeFaults(values: Attributed, attributes: readonly AttributeRow[], others: readonly string[]): string[] {
  const faults: string[] = [];
  for (const { name, shape } of attributes) {
    const fault = shapeFault(shape, values[name]);
    if (fault !== undefined) faults.push(`attribute ${name}: ${fault}`);
  }
  for (const name of Object.keys(values)) {
    if (attributes.some((attribute) => attribute.name === name) || others.includes(name)) continue;
    faults.push(`there is no attribute ${quote(name)}`);
  }
  return faults;
}

function originFaults(origin: unknown): readonly string[] {
  return isOrigin(origin) ? [] : [`attribute origins: expected an origin, found ${shown(origin)}`];
}

/** What keeps a value from having a shape; `undefined` where it has. */
function shapeFault(shape: ShapeData, value: unknown): string | undefined {
  switch (shape.type) {
    case 'text':
      return isText(value) ? placeFault(value) : expected('a text', value);
    case 'value':
      return isOpId(value) ? undefined : expected('the id of an op', value);
    case 'flag':
      return typeof value === 'boolean' ? undefined : expected('true or false', value);
    case 'string':
      return typeof value === 'string' ? undefined : expected('a string', value);
    case 'int':
      return typeof value === 'bigint' && value >= 0n && value < intLimit
        ? undefined
        : expected('a bigint from 0 to 2^63 - 1', value);
    case 'count':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
        ? undefined
        : expected('a whole number from 0', value);
    case 'word':
      return typeof value === 'string' && shape.words.includes(value)
        ? undefined
        : expected(shape.words.map(quote).join(' or '), value);
    case 'bytes':
      return value instanceof Uint8Array ? undefined : expected('bytes', value);
    case 'optional':
      return value === undefined ? undefined : shapeFault(shape.item, value);
    case 'list':
      return itemsFault(value, (item) => shapeFault(shape.item, item));
    case 'record':
      return recordFault(shape.fields, value);
    case 'pairs':
      return itemsFault(value, (item) => recordFault(shape.fields, item));
    case 'options':
      return itemsFault(value, optionFault);
    case 'result':
      return value === 'root' || isOpId(value) ? undefined : expected('"root" or the place of an option', value);
    default:
      return unreachable(shape);
  }
}

function itemsFault(value: unknown, fault: (item: unknown) => string | undefined): string | undefined {
  if (!isList(value)) return expected('a list', value);
  for (const [index, item] of value.entries()) {
    const found = fault(item);
    if (found !== undefined) return `item ${index}: ${found}`;
  }
  return undefined;
}

function recordFault(fields: readonly NamedShape[], value: unknown): string | undefined {
  if (!isRecord(value)) return expected('a record', value);
  for (const { name, shape } of fields) {
    const fault = shapeFault(shape, value[name]);
    if (fault !== undefined) return `${name}: ${fault}`;
  }
  const other = Object.keys(value).find((name) => !fields.some((field) => field.name === name));
  return other === undefined ? undefined : `there is no ${quote(other)}`;
}

function optionFault(value: unknown): string | undefined {
  const row = isRecord(value) && typeof value.kind === 'string' ? runOptionRow(value.kind) : undefined;
  if (row === undefined || !isRecord(value)) return expected('an option of run', value);
  const [first] = attributeFaults(value, row.attributes, ['kind', 'at', 'caller']);
  return first === undefined ? (placeFault(value) ?? callerFault(value)) : `${row.kind}: ${first}`;
}

function placeFault(value: { readonly at?: unknown }): string | undefined {
  return value.at === undefined || isSpan(value.at) ? undefined : `at: ${expected('a span', value.at)}`;
}

function callerFault({ caller }: { readonly caller?: unknown }): string | undefined {
  return caller === undefined || isOrigin(caller) ? undefined : `caller: ${expected('an origin', caller)}`;
}

function expected(what: string, value: unknown): string {
  return `expected ${what}, found ${shown(value)}`;
}

function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quote(value.length > 40 ? `${value.slice(0, 40)}…` : value);
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'undefined':
      return String(value);
    default:
      return value === null ? 'null' : isList(value) ? 'a list' : `a value of type ${typeof value}`;
  }
}
