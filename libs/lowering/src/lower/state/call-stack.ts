import type { Origin } from '@hlb/ir';
import type { SourceLocation } from '@hlb/llb';

/**
 * The calls around the op that was asked for last, with their locations. Ops are mostly asked for in the order in which they were
 * evaluated, so the calls of the next are the same but for some of the innermost.
 */
export class CallStack {
  /** Outermost first. */
  readonly #calls: Origin[] = [];
  readonly #locations: SourceLocation[] = [];
  readonly #locate: (call: Origin) => SourceLocation;

  constructor(locate: (call: Origin) => SourceLocation) {
    this.#locate = locate;
  }

  /** The locations of a call and of those around it, outermost first: those of the innermost, up to so many. */
  around(call: Origin | undefined, most: number): readonly SourceLocation[] {
    const entered: Origin[] = [];
    let left = -1;
    let at = call;
    for (; at !== undefined && entered.length < most; at = at.caller) {
      left = this.#calls.lastIndexOf(at);
      if (left !== -1) break;
      entered.push(at);
    }
    // Of calls that were too many some are missing, which are among those that are asked for now.
    const missing = left !== -1 && left + 1 + entered.length < most && this.#calls[0]?.caller !== undefined;
    while (this.#calls.length > (missing ? 0 : left + 1)) {
      this.#calls.pop();
      this.#locations.pop();
    }
    if (missing) {
      for (; at !== undefined && entered.length < most; at = at.caller) entered.push(at);
    }
    for (const each of entered.reverse()) {
      this.#calls.push(each);
      this.#locations.push(this.#locate(each));
    }
    return this.#locations;
  }
}
