import type { SourceFile, Span } from '@hlb/diagnostics';
import type { Op, Origin } from '@hlb/ir';
import type { SourceFile as LlbFile, SourceLocation, SourcePosition, SourceRange } from '@hlb/llb';

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

/** A place whose lines and columns are worked out when they are asked for: in a large build they would be most of what is kept. */
class Place implements SourceLocation {
  readonly file: LlbFile;
  readonly #span: Span;

  constructor(file: LlbFile, span: Span) {
    this.file = file;
    this.#span = span;
  }

  get ranges(): readonly SourceRange[] {
    return [rangeOf(this.#span)];
  }
}

/** Where ops come from, as LLB says it: each file and each call is made once. */
export class SourcePlaces {
  readonly #files = new Map<SourceFile, LlbFile>();
  readonly #locations = new Map<Origin, SourceLocation>();
  readonly #callLimit: number;

  /** Of a module of this many ops. */
  constructor(ops: number) {
    this.#callLimit = Math.max(fewestCalls, Math.min(mostCalls, Math.floor(locationBudget / Math.max(1, ops))));
  }

  /** The calls that made an op, innermost first; of shared ops those of each evaluation, one after the other. */
  of(op: Op): readonly SourceLocation[] {
    const locations: SourceLocation[] = [];
    const origins = Math.min(op.origins.length, originLimit);
    for (let place = 0; place < origins; place += 1) {
      const origin = op.origins[place];
      if (origin === undefined) continue;
      locations.push(this.#made(origin));
      let calls = 1;
      for (let at = origin.caller; at !== undefined && calls < this.#callLimit; at = at.caller) {
        locations.push(this.#location(at));
        calls += 1;
      }
    }
    // Without the room for more that a list has which grew by `push`: there is one of each op.
    return locations.slice();
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
    const ranges = origins.map(({ span }) => rangeOf(span));
    const locations: SourceLocation[] = [{ file: this.#file(first.span.file), ranges }];
    for (let at = commonCaller(origins); at !== undefined && locations.length < this.#callLimit; at = at.caller) {
      locations.push(this.#location(at));
    }
    return locations.slice();
  }

  /** Of a call that other calls stand in, made once. */
  #location(origin: Origin): SourceLocation {
    let location = this.#locations.get(origin);
    if (location === undefined) {
      location = this.#made(origin);
      this.#locations.set(origin, location);
    }
    return location;
  }

  #made({ span }: Origin): SourceLocation {
    return new Place(this.#file(span.file), span);
  }

  /** The text with the newline that the reference adds to every file. */
  #file(file: SourceFile): LlbFile {
    let made = this.#files.get(file);
    if (made === undefined) {
      const text = file.bytes ?? encoder.encode(file.text);
      const data = new Uint8Array(text.length + 1);
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
function rangeOf({ file, start, end }: Span): SourceRange {
  return { start: positionOf(file, start), end: positionOf(file, end) };
}

function positionOf(file: SourceFile, offset: number): SourcePosition {
  const { line, column } = file.position(offset);
  const begin = offset - column + 1;
  let pairs = 0;
  for (let at = begin; at < offset; at += 1) {
    const unit = file.text.charCodeAt(at);
    if (unit >= 0xdc00 && unit <= 0xdfff) pairs += 1;
  }
  return { line, character: column - pairs };
}
