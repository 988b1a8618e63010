import type { SourceFile, Span } from '@hlb/diagnostics';
import type { Op, Origin } from '@hlb/ir';
import type { SourceFile as LlbFile, SourceLocation, SourcePosition, SourceRange } from '@hlb/llb';
import { CallStack } from './call-stack.js';

/**
 * Of the calls around an op the outermost are left out of its source locations where there are more than these: 100 in all but very
 * large builds, in which every op can't have so many. Engines show a handful.
 */
const mostCalls = 100;
const fewestCalls = 16;
const locationBudget = 2_000_000;
/** More evaluations than these that gave one op are left out of its locations. */
const originLimit = 16;

const encoder = new TextEncoder();
/** Bytes of what the reference adds to every file. */
const addedNewline = 1;

/** A place whose lines and columns are worked out when they are asked for: in a large build they would be most of what is kept. */
class Place implements SourceLocation {
  readonly file: LlbFile;
  readonly #origin: Origin;

  constructor(file: LlbFile, origin: Origin) {
    this.file = file;
    this.#origin = origin;
  }

  get ranges(): readonly SourceRange[] {
    return [rangeOf(this.#origin.span, this.file)];
  }
}

/** Where ops come from, as LLB says it: each file is made once. */
export class SourcePlaces {
  readonly #files = new Map<SourceFile, LlbFile>();
  readonly #stack = new CallStack((call) => this.#location(call));
  readonly #callLimit: number;
  /** The call that the op before stood in, and its locations: most ops stand in the same. */
  #lastCall: Origin | undefined;
  #lastAround: readonly SourceLocation[] = [];

  /** Of a module of this many ops. */
  constructor(ops: number) {
    this.#callLimit = Math.max(fewestCalls, Math.min(mostCalls, Math.floor(locationBudget / Math.max(1, ops))));
  }

  /** The calls that made an op, innermost first; of shared ops those of each evaluation, one after the other. */
  of({ origins }: Op): readonly SourceLocation[] {
    const [first] = origins;
    if (first === undefined) return [];
    return origins.length === 1
      ? this.#calls(first)
      : origins.slice(0, originLimit).flatMap((origin) => this.#calls(origin));
  }

  /**
   * The calls of ops that are one vertex: the place of each, in order, as the ranges of one location, so that an error that names one of
   * them has its place; then the calls around that they have in common.
   */
  ofAll(ops: readonly Op[]): readonly SourceLocation[] {
    const origins: Origin[] = [];
    for (const { origins: all } of ops) {
      const [own] = all;
      if (own !== undefined) origins.push(own);
    }
    const [first] = origins;
    if (first === undefined) return [];
    if (origins.length < ops.length || origins.some(({ span }) => span.file !== first.span.file)) {
      return ops.flatMap((op) => this.of(op));
    }
    const file = this.#file(first.span.file);
    const ranges = origins.map(({ span }) => rangeOf(span, file));
    const own: SourceLocation[] = [{ file, ranges }];
    return own.concat(this.#around(commonCaller(origins)));
  }

  #calls(origin: Origin): readonly SourceLocation[] {
    const own: SourceLocation[] = [this.#location(origin)];
    return own.concat(this.#around(origin.caller));
  }

  /** The calls that an op stands in, innermost first. */
  #around(call: Origin | undefined): readonly SourceLocation[] {
    if (call === this.#lastCall) return this.#lastAround;
    const most = this.#callLimit - 1;
    this.#lastAround = this.#stack.around(call, most).slice(-most).reverse();
    this.#lastCall = call;
    return this.#lastAround;
  }

  #location(origin: Origin): SourceLocation {
    return new Place(this.#file(origin.span.file), origin);
  }

  /** The text with the newline that the reference adds to every file. */
  #file(file: SourceFile): LlbFile {
    let made = this.#files.get(file);
    if (made === undefined) {
      const text = file.bytes ?? encoder.encode(file.text);
      const data = new Uint8Array(text.length + addedNewline);
      data.set(text);
      data[text.length] = 0x0a;
      made = { filename: file.name, data, language: 'HLB' };
      this.#files.set(file, made);
    }
    return made;
  }
}

/** The innermost call that all of these stand in: callers are a chain, so it and those around it are what they have in common. */
function commonCaller(origins: readonly Origin[]): Origin | undefined {
  let common = origins[0]?.caller;
  for (const { caller } of origins) {
    // Most often all stand in one call.
    if (caller === common) continue;
    const own = new Set<Origin>();
    for (let at = caller; at !== undefined; at = at.caller) own.add(at);
    while (common !== undefined && !own.has(common)) common = common.caller;
  }
  return common;
}

/** Lines and columns from 1, as the reference writes them; columns count code points. */
function rangeOf({ file, start, end }: Span, { data }: LlbFile): SourceRange {
  // As many bytes as units: there is nothing but ASCII.
  const ascii = data.length === file.text.length + addedNewline;
  return { start: positionOf(file, start, ascii), end: positionOf(file, end, ascii) };
}

function positionOf(file: SourceFile, offset: number, ascii: boolean): SourcePosition {
  const { line, column } = file.position(offset);
  if (ascii) return { line, character: column };
  const begin = offset - column + 1;
  let pairs = 0;
  for (let at = begin; at < offset; at += 1) {
    const unit = file.text.charCodeAt(at);
    if (unit >= 0xdc00 && unit <= 0xdfff) pairs += 1;
  }
  return { line, character: column - pairs };
}
