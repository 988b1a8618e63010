import { InvalidOpError } from './invalid-op.js';
import type { Output } from './vertex.js';

/*
 * Forms that a type checker would have asked for, where callers have none: each of these would make an op that means something else, or
 * fail far from its cause.
 */

/** @throws {InvalidOpError} for what is no result: a whole run command, say, in place of one of its results */
export function checkOutput(value: Output): void {
  if (value?.vertex === undefined || typeof value.index !== 'number') {
    throw new InvalidOpError(
      'what an op takes must be a result of another: of a command, that is its root or a mount; scratch is undefined',
    );
  }
}

/** @throws {InvalidOpError} for what is no text */
export function checkText(value: string, what: string): void {
  if (typeof value !== 'string') throw new InvalidOpError(`${what} must be a text`);
}

/** @throws {InvalidOpError} for what is no list */
export function checkList(value: readonly unknown[], what: string): void {
  if (!Array.isArray(value)) throw new InvalidOpError(`${what} must be a list`);
}
