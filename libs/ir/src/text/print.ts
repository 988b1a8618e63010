import { InternalError, type SourceFile, unreachable } from '@hlb/diagnostics';
import type { IrModule, Request } from '../module.js';
import type { Op } from '../ops.js';
import { opRow } from '../schema/op-table.js';
import { runOptionRow } from '../schema/option-table.js';
import { type AttributeRow, isOmitted } from '../schema/row.js';
import type { ShapeData } from '../schema/shape.js';
import { type Attributed, isList, isOrigin, isRecord, isSpan, isText } from '../schema/values.js';
import { PlacePrinter } from './print-places.js';
import { quote, quoteBytes } from './quote.js';

export interface PrintOptions {
  /** Whether places are written: the calls that made an op, and the arguments that gave its texts. Default: true. */
  readonly origins?: boolean;
  /** Whether the files' contents are written too, so that a reader of the text can show their lines. Default: false. */
  readonly sources?: boolean;
}

/** Longer ops have each option of theirs on a line of its own. */
const lineWidth = 120;

/** How the options of an op stand. */
type Layout = 'one line' | 'a line each';

/**
 * The module as text: an op a line, then outputs, targets and, with `origins`, files and calls. Reading it with `parseModule` and
 * printing that gives the same text.
 */
export function printModule(module: IrModule, options: PrintOptions = {}): string {
  return printWithFiles(module, options).text;
}

/** The text, and the files that its places are in: those of the module, then others that only texts and options of ops are from. */
export function printWithFiles(
  module: IrModule,
  options: PrintOptions = {},
): { readonly text: string; readonly files: readonly SourceFile[] } {
  const origins = options.origins ?? true;
  const places = new PlacePrinter(module.files);
  const printer = new OpPrinter(origins ? places : undefined);
  const lines = module.ops.map((op, index) => `%${index} = ${printer.op(op)}`);
  for (const { op, stage } of module.outputs) lines.push(`output %${op} [${stage.join(', ')}]`);
  for (const { name, request } of module.targets) lines.push(`target ${quote(name)} = ${printRequest(request)}`);
  const sources = options.sources ?? false;
  if (origins || sources) lines.push(...places.fileLines(sources));
  if (origins) lines.push(...places.locLines());
  return { text: lines.map((line) => `${line}\n`).join(''), files: places.files };
}

/** One op as in the text of a module, without its id and places. */
export function printOp(op: Op): string {
  return new OpPrinter(undefined).op(op);
}

class OpPrinter {
  readonly #places: PlacePrinter | undefined;
  #implied: SourceFile | undefined;

  constructor(places: PlacePrinter | undefined) {
    this.#places = places;
  }

  op(op: Op): string {
    const row = opRow(op.kind);
    if (row === undefined || !isRecord(op)) throw new InternalError(`no op of kind ${quote(String(op.kind))} to print`);
    this.#implied = op.origins[0]?.span.file;
    const origins = this.#origins(op);
    const short = this.#attributes(row.kind, row.attributes, op, 'one line') + origins;
    if (short.length <= lineWidth || !isList(op.options) || op.options.length === 0) return short;
    return this.#attributes(row.kind, row.attributes, op, 'a line each') + origins;
  }

  #origins(op: Op): string {
    const places = this.#places;
    if (places === undefined || op.origins.length === 0) return '';
    return ` @ ${op.origins.map((origin) => places.origin(origin)).join(', ')}`;
  }

  #attributes(kind: string, attributes: readonly AttributeRow[], values: Attributed, layout: Layout): string {
    let printed = kind;
    for (const attribute of attributes) {
      const value = values[attribute.name];
      if (isOmitted(attribute, value)) continue;
      if (attribute.shape.type === 'flag') printed += ` ${attribute.name}`;
      else if (attribute.shape.type === 'options') printed += ` ${this.#options(value, layout)}`;
      else if (attribute.form === 'positional') printed += ` ${this.#value(attribute.shape, value)}`;
      else printed += ` ${attribute.name}=${this.#value(attribute.shape, value)}`;
    }
    return printed;
  }

  #options(value: unknown, layout: Layout): string {
    const printed = list(value).map((option) => {
      const row = isRecord(option) && typeof option.kind === 'string' ? runOptionRow(option.kind) : undefined;
      if (row === undefined || !isRecord(option)) throw new InternalError('no option to print');
      return this.#attributes(row.kind, row.attributes, option, 'one line') + this.#optionPlace(option);
    });
    return layout === 'one line' ? `{ ${printed.join('; ')} }` : `{\n  ${printed.join('\n  ')}\n}`;
  }

  #value(shape: ShapeData, value: unknown): string {
    switch (shape.type) {
      case 'text':
        if (!isText(value)) break;
        return (typeof value.text === 'string' ? quote(value.text) : `%${value.text}`) + this.#place('^', value);
      case 'value':
        return `%${value}`;
      case 'flag':
      case 'word':
      case 'count':
      case 'result':
        return String(value);
      case 'string':
        if (typeof value !== 'string') break;
        return quote(value);
      case 'int':
        if (typeof value !== 'bigint') break;
        return shape.radix === 8 && value >= 0n ? `0o${value.toString(8)}` : value.toString();
      case 'bytes':
        if (!(value instanceof Uint8Array)) break;
        return quoteBytes(value);
      case 'optional':
        return this.#value(shape.item, value);
      case 'list':
        return `[${list(value)
          .map((item) => this.#value(shape.item, item))
          .join(', ')}]`;
      case 'record':
        if (!isRecord(value)) break;
        return `(${shape.fields.map((field) => this.#value(field.shape, value[field.name])).join(', ')})`;
      case 'pairs': {
        const [first, second] = shape.fields;
        const pairs = list(value).map((pair) =>
          isRecord(pair)
            ? `${this.#value(first.shape, pair[first.name])}: ${this.#value(second.shape, pair[second.name])}`
            : '',
        );
        return `{${pairs.join(', ')}}`;
      }
      case 'options':
        return this.#options(value, 'one line');
      default:
        return unreachable(shape);
    }
    throw new InternalError(`no value of type ${shape.type} to print: the module has not been verified`);
  }

  /** The place of an option, and the calls around it where they are written. */
  #optionPlace(option: Attributed): string {
    const { caller } = option;
    const at = this.#place(' @ ', option);
    return at === '' || !isOrigin(caller) || this.#places === undefined ? at : `${at} <- ${this.#places.chain(caller)}`;
  }

  /** The place of a text or an option, where it has one. */
  #place(mark: string, value: { readonly at?: unknown }): string {
    const { at } = value;
    return this.#places !== undefined && isSpan(at) ? `${mark}${this.#places.span(at, this.#implied)}` : '';
  }
}

function list(value: unknown): readonly unknown[] {
  if (!isList(value)) throw new InternalError('no list to print: the module has not been verified');
  return value;
}

function printRequest(request: Request): string {
  let printed = '';
  // What is still to be written, the next one last: groups nest as deeply as a program's functions.
  const rest: (Request | string)[] = [request];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next === 'string') {
      printed += next;
      continue;
    }
    switch (next.kind) {
      case 'nothing':
        printed += 'nothing';
        break;
      case 'solve':
        printed += `solve %${next.value}`;
        break;
      case 'text':
        printed += `text ${typeof next.value === 'string' ? quote(next.value) : `%${next.value}`}`;
        break;
      case 'parallel':
      case 'sequential': {
        printed += `${next.kind} {`;
        rest.push(next.requests.length === 0 ? '}' : ' }');
        next.requests.toReversed().forEach((inner, index) => {
          rest.push(inner, index === next.requests.length - 1 ? ' ' : '; ');
        });
        break;
      }
      default:
        unreachable(next);
    }
  }
  return printed;
}
