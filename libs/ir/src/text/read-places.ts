import { type SourceFile, type Span, sourceFile, span } from '@hlb/diagnostics';
import type { Origin } from '../ops.js';
import { takeBytes, takeString } from './read-literals.js';
import type { Scanner } from './scanner.js';
import { isUnread, unknownColumns, unreadFile } from './unread-file.js';

/** A range of a file: `build.hlb:3:2-9`, `$1:3:2-4:9`, or without a file. */
export const placeForm: RegExp = /(?:(\$\d+|[A-Za-z_./~][\w./~+-]*):)?(\d{1,9}):(\d{1,9})-(?:(\d{1,9}):)?(\d{1,9})/y;
const row = /#(\d+)/y;
const fileNumber = /\$(\d+)/y;

/** The files and calls of a text, and what refers to them. */
export class PlaceReader {
  readonly #given: readonly SourceFile[];
  readonly #files = new Map<string, SourceFile>();
  readonly #byName = new Map<string, SourceFile>();
  readonly #rows = new Map<string, Origin>();
  /** Calls without a caller, which many origins share. */
  readonly #outermost = new Map<string, Origin>();

  /** @param given Files that stand for those of the same name in the text. */
  constructor(given: readonly SourceFile[]) {
    this.#given = given;
  }

  files(): readonly SourceFile[] {
    return [...this.#files.values()];
  }

  /** `$0 = "build.hlb" "text" b64"bytes"`, after `file`. */
  readFile(scanner: Scanner): void {
    scanner.skipBlanks();
    const start = scanner.at;
    const number = scanner.expectForm(fileNumber, "a file's number, as `$0`")[1] ?? '';
    if (this.#files.has(number)) scanner.fail('HLB0603', `the file $${number} is defined twice`, start);
    scanner.expect('=', '`=`');
    const name = takeString(scanner, "the file's name");
    const file = scanner.sees('"')
      ? sourceFile(name, takeString(scanner, "the file's text"), scanner.sees('b64') ? takeBytes(scanner) : undefined)
      : (this.#known(number, name) ?? unreadFile(name));
    this.#files.set(number, file);
    if (!this.#byName.has(name)) this.#byName.set(name, file);
  }

  /** `#3 = build.hlb:1:2-5 <- #2`, after `loc`. */
  readRow(scanner: Scanner): void {
    scanner.skipBlanks();
    const start = scanner.at;
    const number = scanner.expectForm(row, "a call's number, as `#0`")[1] ?? '';
    if (this.#rows.has(number)) scanner.fail('HLB0603', `the call #${number} is defined twice`, start);
    scanner.expect('=', '`=`');
    this.#rows.set(number, this.origin(scanner));
  }

  /** A call and those around it: `build.hlb:3:2-5 <- build.hlb:9:3-8`. */
  origin(scanner: Scanner): Origin {
    return this.#calls(scanner, false);
  }

  /** The calls around a place, which stand after its `<-`. */
  chain(scanner: Scanner): Origin {
    return this.#calls(scanner, true);
  }

  #calls(scanner: Scanner, mayStartWithRow: boolean): Origin {
    const spans: Span[] = [];
    let outer: Origin | undefined;
    scanner.skipBlanks();
    let last = scanner.at;
    do {
      scanner.skipBlanks();
      const start = scanner.at;
      const reference = spans.length > 0 || mayStartWithRow ? scanner.take(row)?.[1] : undefined;
      if (reference !== undefined) {
        outer =
          this.#rows.get(reference) ??
          scanner.fail(
            'HLB0603',
            `there is no call #${reference} before`,
            start,
            'calls stand after those around them',
          );
        break;
      }
      scanner.skipBlanks();
      last = scanner.at;
      spans.push(this.span(scanner, undefined));
    } while (scanner.takeText('<-'));
    const outermost = outer === undefined && spans.length > 1 ? spans.pop() : undefined;
    if (outermost !== undefined) outer = this.#shared(scanner.file.text.slice(last, scanner.at), outermost);
    return (
      spans.reduceRight<Origin | undefined>((caller, at) => ({ span: at, caller }), outer) ??
      scanner.fail('HLB0601', 'expected a place')
    );
  }

  /** A range of a file; without a name it is in the `implied` one. */
  span(scanner: Scanner, implied: SourceFile | undefined): Span {
    scanner.skipBlanks();
    const begin = scanner.at;
    const [, name, line, column, lastLine, lastColumn] = scanner.expectForm(placeForm, 'a place, as `build.hlb:3:2-9`');
    const file =
      name === undefined ? implied : name.startsWith('$') ? this.#files.get(name.slice(1)) : this.#byName.get(name);
    if (file === undefined) {
      scanner.fail('HLB0603', name === undefined ? 'the place names no file' : `there is no file ${name}`, begin);
    }
    const start = offsetAt(file, Number(line), Number(column));
    const end = offsetAt(file, Number(lastLine ?? line), Number(lastColumn));
    if (start === undefined || end === undefined || end < start) {
      scanner.fail('HLB0605', `${file.name} has no such place`, begin);
    }
    return span(file, start, end);
  }

  #shared(text: string, at: Span): Origin {
    const known = this.#outermost.get(text);
    if (known !== undefined) return known;
    const origin: Origin = { span: at, caller: undefined };
    this.#outermost.set(text, origin);
    return origin;
  }

  #known(number: string, name: string): SourceFile | undefined {
    const same = this.#given[Number(number)];
    return same?.name === name ? same : this.#given.find((file) => file.name === name);
  }
}

function offsetAt(file: SourceFile, line: number, column: number): number | undefined {
  if (line < 1 || column < 1) return undefined;
  if (isUnread(file)) {
    if (column > unknownColumns) return undefined;
    const offset = (line - 1) * unknownColumns + column - 1;
    file.position(offset);
    return offset;
  }
  const start = file.lineStarts()[line - 1];
  if (start === undefined) return undefined;
  const offset = start + column - 1;
  const found = file.position(offset);
  return found.line === line && found.column === column ? offset : undefined;
}
