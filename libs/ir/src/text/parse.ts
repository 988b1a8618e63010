import { type Diagnostic, diagnostic, nearest, type SourceFile, span } from '@hlb/diagnostics';
import { opId } from '../builder.js';
import type { IrModule, ModuleOutput, Request, Target } from '../module.js';
import type { Op, OpId, Origin } from '../ops.js';
import { opRow, opRows } from '../schema/op-table.js';
import { isOp, opFaults } from '../verify/well-formed.js';
import { takeString } from './read-literals.js';
import { PlaceReader } from './read-places.js';
import { ValueReader } from './read-values.js';
import { Scanner, TextFault } from './scanner.js';

export interface ParseOptions {
  /** Files that stand for those of the same names in the text, which has only names unless it was printed with `sources`. */
  readonly files?: readonly SourceFile[];
}

export interface ParsedModule {
  /** Absent where there are errors. What was read is not verified. */
  readonly module: IrModule | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** A text with more faults than these is told with these. */
const diagnosticLimit = 100;

const definition = /^[ \t]*%([\w.-]+)[ \t]*=/gm;
const tableLine = /^[ \t]*(file|loc)(?![\w-])/gm;
const word = /[A-Za-z][\w-]*/y;
const digits = /\d+/y;

/**
 * Reads what `printModule` prints, and what is written by hand: values may have names (`%base = image "alpine"`), `//` starts a
 * comment, and inside of brackets lines don't matter. Never throws.
 */
export function parseModule(file: SourceFile, options: ParseOptions = {}): ParsedModule {
  return new ModuleReader(file, options.files ?? []).read();
}

class ModuleReader {
  readonly #scanner: Scanner;
  readonly #places: PlaceReader;
  readonly #values: ValueReader;
  readonly #ids = new Map<string, OpId>();
  readonly #diagnostics: Diagnostic[] = [];
  readonly #ops: Op[] = [];
  readonly #outputs: ModuleOutput[] = [];
  readonly #targets: Target[] = [];

  constructor(file: SourceFile, files: readonly SourceFile[]) {
    this.#scanner = new Scanner(file);
    this.#places = new PlaceReader(files);
    this.#values = new ValueReader(this.#scanner, this.#places, this.#ids);
  }

  read(): ParsedModule {
    this.#readTables();
    this.#numberOps();
    const scanner: Scanner = this.#scanner;
    scanner.at = 0;
    while (!scanner.atEnd() && this.#diagnostics.length < diagnosticLimit) {
      this.#attempt(() => this.#statement());
    }
    const diagnostics = this.#diagnostics.slice(0, diagnosticLimit);
    const module = {
      ops: this.#ops,
      outputs: this.#outputs,
      targets: this.#targets,
      files: this.#places.files(),
    };
    return { module: diagnostics.length === 0 ? module : undefined, diagnostics };
  }

  /** Reads a statement, or reports why not and goes on behind it. */
  #attempt(read: () => void): void {
    try {
      read();
      if (!this.#scanner.atLineEnd()) this.#scanner.fail('HLB0601', 'expected the end of the line');
    } catch (error) {
      if (!(error instanceof TextFault)) throw error;
      this.#diagnostics.push(error.diagnostic);
      this.#values.reset();
      this.#scanner.skipStatement();
    }
  }

  /** Files and calls may stand behind what refers to them: they are read first. */
  #readTables(): void {
    const scanner: Scanner = this.#scanner;
    const lines = [...scanner.file.text.matchAll(tableLine)];
    for (const kind of ['file', 'loc']) {
      for (const line of lines) {
        if (line[1] !== kind) continue;
        scanner.at = line.index + line[0].length;
        this.#attempt(() => (kind === 'file' ? this.#places.readFile(scanner) : this.#places.readRow(scanner)));
      }
    }
  }

  #numberOps(): void {
    const { file } = this.#scanner;
    let count = 0;
    for (const found of file.text.matchAll(definition)) {
      const name = found[1] ?? '';
      if (this.#ids.has(name)) {
        const start = found.index + found[0].indexOf('%');
        const at = span(file, start, start + 1 + name.length);
        this.#diagnostics.push(diagnostic('HLB0603', { message: `%${name} is defined twice`, at }));
      }
      this.#ids.set(name, opId(count++));
    }
  }

  #statement(): void {
    const scanner: Scanner = this.#scanner;
    if (scanner.sees('%')) {
      this.#op();
      return;
    }
    const start = scanner.at;
    const [kind] = scanner.expectForm(word, 'an op, as `%0 = scratch`, an output, a target, a file or a call');
    if (kind === 'output') this.#output();
    else if (kind === 'target') this.#target();
    else if (kind === 'file' || kind === 'loc') scanner.skipLine();
    else scanner.fail('HLB0601', `a line can't start with ${kind}`, start);
  }

  #op(): void {
    const scanner: Scanner = this.#scanner;
    scanner.expectForm(/%[\w.-]+/y, "an op's name");
    scanner.expect('=', '`=`');
    scanner.skipBlanks();
    const start = scanner.at;
    const [kind] = scanner.expectForm(word, 'an op');
    const row = opRow(kind);
    if (row === undefined) {
      const near = nearest(
        kind,
        opRows.map((each) => each.kind),
      );
      scanner.fail(
        'HLB0602',
        `there is no op ${kind}`,
        scanner.at - kind.length,
        near === undefined ? undefined : `did you mean ${near}?`,
      );
    }
    const attributes = this.#values.attributes(kind, row.attributes);
    const origins: Origin[] = [];
    if (scanner.takeText('@')) {
      do origins.push(this.#places.origin(scanner));
      while (scanner.takeText(','));
    }
    this.#values.settlePlaces(origins[0]?.span.file);
    const op: unknown = { kind, ...attributes, origins };
    if (!isOp(op)) scanner.fail('HLB0601', opFaults(op).join('; '), start);
    this.#ops.push(op);
  }

  #output(): void {
    const scanner: Scanner = this.#scanner;
    const op = this.#values.reference('an op, as `%0`');
    const stage = scanner.items('[', ']', ',', () => Number(scanner.expectForm(digits, 'a whole number')[0]));
    this.#outputs.push({ op, stage });
  }

  #target(): void {
    const scanner: Scanner = this.#scanner;
    const name = takeString(scanner, "the target's name");
    scanner.expect('=', '`=`');
    this.#targets.push({ name, request: this.#request() });
  }

  /** A request; groups nest as deeply as a program's functions. */
  #request(): Request {
    const scanner: Scanner = this.#scanner;
    const open: { readonly kind: 'parallel' | 'sequential'; readonly requests: Request[] }[] = [];
    while (true) {
      let done: Request | undefined;
      if (open.length > 0 && scanner.takeText('}')) done = open.pop();
      else {
        const [kind] = scanner.expectForm(word, 'a request');
        if (kind === 'nothing') done = { kind };
        else if (kind === 'solve') done = { kind, value: this.#values.reference('an op, as `%0`') };
        else if (kind === 'text') done = { kind, value: this.#values.text() };
        else if (kind === 'parallel' || kind === 'sequential') {
          scanner.expect('{', '`{`');
          open.push({ kind, requests: [] });
          continue;
        } else scanner.fail('HLB0602', `there is no request ${kind}`, scanner.at - kind.length);
      }
      const around = open.at(-1);
      if (done === undefined) continue;
      if (around === undefined) return done;
      around.requests.push(done);
      if (!scanner.sees('}')) scanner.expect(';', '`;` or `}`');
    }
  }
}
