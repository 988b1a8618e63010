import type { SourceFile } from '@hlb/diagnostics';
import type { IrModule, ModuleOutput, Request, Target } from './module.js';
import type { Op, OpId, Origin } from './ops.js';
import { isOpId } from './schema/values.js';

/** The calls around an op are looked through as far as this each time; those further out are remembered, and then not again. */
const UNSEEN_CALLS = 8;

/**
 * Collects a module op by op. An op is added after its operands; what an op looks like is not checked here but by the verifier.
 * Files are collected from the origins of ops, in the order of first use.
 */
export class ModuleBuilder {
  readonly #ops: Op[] = [];
  readonly #outputs: ModuleOutput[] = [];
  readonly #targets: Target[] = [];
  readonly #files = new Set<SourceFile>();
  /** Calls whose files were collected, with those of the calls around them. */
  readonly #seenCalls = new Set<Origin>();
  /** The call that the op before was in: most ops are in the same. */
  #lastCall: Origin | undefined;
  #lastFile: SourceFile | undefined;

  /** How many ops there are: the next one's id. */
  get size(): number {
    return this.#ops.length;
  }

  add(op: Op): OpId {
    const id = this.#ops.length;
    this.#ops.push(op);
    for (const origin of op.origins) this.#addFiles(origin);
    return opId(id);
  }

  /** The op with this id; throws a `RangeError` where there is none. */
  op(id: OpId): Op {
    const op = this.#ops[id];
    if (op === undefined) throw new RangeError(`no op %${id} in a module of ${this.#ops.length}`);
    return op;
  }

  /** Lists an output op as evaluated, in the order of the calls. */
  output(op: OpId, stage: readonly number[]): void {
    this.#outputs.push({ op, stage });
  }

  target(name: string, request: Request): void {
    this.#targets.push({ name, request });
  }

  /** Adds a file that no origin need point into. */
  file(file: SourceFile): void {
    this.#files.add(file);
  }

  /** The module as it is by now. */
  build(): IrModule {
    return {
      ops: [...this.#ops],
      outputs: [...this.#outputs],
      targets: [...this.#targets],
      files: [...this.#files],
    };
  }

  #addFiles(origin: Origin): void {
    this.#addFile(origin.span.file);
    if (origin.caller === this.#lastCall) return;
    this.#lastCall = origin.caller;
    let around = 0;
    for (let at = origin.caller; at !== undefined; at = at.caller) {
      this.#addFile(at.span.file);
      around += 1;
      if (around <= UNSEEN_CALLS) continue;
      if (this.#seenCalls.has(at)) return;
      this.#seenCalls.add(at);
    }
  }

  #addFile(file: SourceFile): void {
    if (file === this.#lastFile) return;
    this.#lastFile = file;
    this.#files.add(file);
  }
}

/** An id of a number that is known to be a place in a module's list; throws a `RangeError` for what can't be one. */
export function opId(id: number): OpId {
  if (!isOpId(id)) throw new RangeError(`${id} is no place in a list of ops`);
  return id;
}
