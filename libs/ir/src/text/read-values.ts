import { nearest, type SourceFile, unreachable } from '@hlb/diagnostics';
import type { OpId } from '../ops.js';
import { runOptionRow, runOptionRows } from '../schema/option-table.js';
import { type AttributeRow, isRequired, omittedValue } from '../schema/row.js';
import type { NamedShape, ShapeData } from '../schema/shape.js';
import { takeBytes, takeString } from './read-literals.js';
import { type PlaceReader, placeForm } from './read-places.js';
import type { Scanner } from './scanner.js';

const reference = /%([\w.-]+)/y;
const integer = /-?(?:0o[0-7]+|0x[0-9a-fA-F]+|\d+)/y;
const digits = /\d+(?![\w.])/y;
const word = /[A-Za-z][\w-]*/y;
const separators = /[;\n]/y;

type Values = Record<string, unknown>;

/** Reads the attributes of ops, as their rows describe them. */
export class ValueReader {
  readonly #scanner: Scanner;
  readonly #places: PlaceReader;
  readonly #ids: ReadonlyMap<string, OpId>;
  /** Places of texts and options without a file's name; they are read when the op's own place is known. */
  #pending: { readonly at: number; readonly holder: Values }[] = [];

  constructor(scanner: Scanner, places: PlaceReader, ids: ReadonlyMap<string, OpId>) {
    this.#scanner = scanner;
    this.#places = places;
    this.#ids = ids;
  }

  /** The attributes of an op or an option, those that go without saying included. */
  attributes(kind: string, rows: readonly AttributeRow[]): Values {
    const scanner: Scanner = this.#scanner;
    const values: Values = {};
    for (const row of rows) {
      if (row.form !== 'positional') continue;
      if (this.#atAttributesEnd()) scanner.fail('HLB0604', `${kind} lacks its attribute ${row.name}`);
      values[row.name] = this.value(row.shape);
    }
    while (!this.#atAttributesEnd()) this.#named(kind, rows, values);
    for (const row of rows) {
      if (Object.hasOwn(values, row.name)) continue;
      if (isRequired(row)) scanner.fail('HLB0604', `${kind} lacks its attribute ${row.name}`);
      values[row.name] = omittedValue(row);
    }
    return values;
  }

  /** The id that `%name` stands for. */
  reference(what: string): OpId {
    const scanner: Scanner = this.#scanner;
    const [whole, name = ''] = scanner.expectForm(reference, what);
    return this.#ids.get(name) ?? scanner.fail('HLB0603', `there is no ${whole}`, scanner.at - whole.length);
  }

  /** A text or a reference to one. */
  text(): string | OpId {
    return this.#scanner.sees('"') ? takeString(this.#scanner, 'a text') : this.reference('a text or an op, as `%0`');
  }

  /** Reads the places of the op's texts and options that were put off; those without a file's name are in `implied`. */
  settlePlaces(implied: SourceFile | undefined): void {
    const scanner: Scanner = this.#scanner;
    const end = scanner.at;
    for (const { at, holder } of this.#pending) {
      scanner.at = at;
      holder.at = this.#places.span(scanner, implied);
    }
    this.#pending = [];
    scanner.at = end;
  }

  /** Forgets what an op that could not be read has left. */
  reset(): void {
    this.#pending = [];
  }

  value(shape: ShapeData): unknown {
    const scanner: Scanner = this.#scanner;
    switch (shape.type) {
      case 'text':
        return this.#placed('^', { text: this.text() });
      case 'value':
        return this.reference('an op, as `%0`');
      case 'flag':
        return true;
      case 'string':
        return takeString(scanner, 'a text');
      case 'int':
        return bigint(scanner.expectForm(integer, 'a whole number')[0]);
      case 'count':
        return Number(scanner.expectForm(digits, 'a whole number')[0]);
      case 'result':
        return scanner.takeText('root') ? 'root' : Number(scanner.expectForm(digits, '`root` or a whole number')[0]);
      case 'word': {
        const what = shape.words.map((each) => `\`${each}\``).join(' or ');
        const [found] = scanner.expectForm(word, what);
        return shape.words.includes(found)
          ? found
          : scanner.fail('HLB0601', `expected ${what}`, scanner.at - found.length);
      }
      case 'bytes':
        return takeBytes(scanner);
      case 'optional':
        return this.value(shape.item);
      case 'list':
        return scanner.items('[', ']', ',', () => this.value(shape.item));
      case 'record':
        return scanner.inBrackets('(', ')', () => this.#fields(shape.fields, ','));
      case 'pairs':
        return scanner.items('{', '}', ',', () => this.#fields(shape.fields, ':'));
      case 'options':
        return this.#options();
      default:
        return unreachable(shape);
    }
  }

  #fields(fields: readonly NamedShape[], separator: string): Values {
    const values: Values = {};
    for (const [index, { name, shape }] of fields.entries()) {
      if (index > 0) this.#scanner.expect(separator, `\`${separator}\``);
      values[name] = this.value(shape);
    }
    return values;
  }

  #named(kind: string, rows: readonly AttributeRow[], values: Values): void {
    const scanner: Scanner = this.#scanner;
    scanner.skipBlanks();
    const start = scanner.at;
    const options = scanner.sees('{') ? rows.find(({ shape }) => shape.type === 'options') : undefined;
    const name = options?.name ?? scanner.expectForm(word, 'an attribute')[0];
    const row = rows.find((each) => each.name === name && each.form === 'named');
    if (row === undefined) {
      const near = nearest(
        name,
        rows.filter(({ form }) => form === 'named').map((each) => each.name),
      );
      scanner.fail(
        'HLB0602',
        `${kind} has no attribute ${name}`,
        start,
        near === undefined ? undefined : `did you mean ${near}?`,
      );
    }
    if (Object.hasOwn(values, name)) scanner.fail('HLB0601', `the attribute ${name} is given twice`, start);
    if (row.shape.type !== 'flag' && row.shape.type !== 'options') scanner.expect('=', '`=`');
    values[name] = this.value(row.shape);
  }

  #options(): readonly unknown[] {
    const scanner: Scanner = this.#scanner;
    // A line ends an option as a semicolon does, so lines matter between these braces.
    scanner.expect('{', '`{`');
    const options: unknown[] = [];
    while (true) {
      while (scanner.take(separators) !== undefined);
      if (scanner.sees('}')) break;
      options.push(this.#option());
      if (!scanner.sees('}')) scanner.expectForm(separators, '`;`, `}` or the end of the line');
    }
    scanner.expect('}', '`}`');
    return options;
  }

  #option(): Values {
    const scanner: Scanner = this.#scanner;
    const [kind] = scanner.expectForm(word, 'an option of a run');
    const row = runOptionRow(kind);
    if (row === undefined) {
      const near = nearest(
        kind,
        runOptionRows.map((each) => each.kind),
      );
      const help = near === undefined ? undefined : `did you mean ${near}?`;
      return scanner.fail('HLB0602', `there is no option ${kind} of a run`, scanner.at - kind.length, help);
    }
    const option = this.#placed('@', { kind, ...this.attributes(kind, row.attributes) });
    if (scanner.takeText('<-')) option.caller = this.#places.chain(scanner);
    return option;
  }

  /** Puts the place off that may follow a text or an option. */
  #placed(mark: string, holder: Values): Values {
    const scanner: Scanner = this.#scanner;
    if (!scanner.takeText(mark)) return holder;
    scanner.skipBlanks();
    this.#pending.push({ at: scanner.at, holder });
    scanner.expectForm(placeForm, 'a place, as `3:2-9`');
    return holder;
  }

  #atAttributesEnd(): boolean {
    const scanner: Scanner = this.#scanner;
    const next = scanner.peek();
    return next === '' || next === '\n' || next === '@' || next === ';' || next === '}';
  }
}

function bigint(literal: string): bigint {
  return literal.startsWith('-') ? -BigInt(literal.slice(1)) : BigInt(literal);
}
