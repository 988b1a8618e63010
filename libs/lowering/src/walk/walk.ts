/**
 * A piece of work that may need others of its kind: it yields one and is resumed with its result. Programs nest deeper than the
 * engine's own stack reaches, so such work never calls itself; `runWalk` keeps the stack. A walk that can be followed yields a
 * pause where it may be stopped, too.
 */
export type Walk<T, P = never> = Generator<Walk<T, P> | Pause<P>, T, T>;

/** A place where a walk may be stopped, and what is to be seen there. */
export interface Pause<P> {
  readonly pause: P;
}

/** Runs a walk and all that it asks for. Its stack is a list, as deep as memory. `start` is what a walk is first resumed with. */
export function runWalk<T>(first: Walk<T>, start: T): T {
  const { value } = followWalk(first, start).next();
  return value;
}

/** As `runWalk`, and stops at each pause until it is asked to go on. */
export function* followWalk<T, P>(first: Walk<T, P>, start: T): Generator<P, T, void> {
  const waiting: Walk<T, P>[] = [];
  let walk = first;
  let input = start;
  for (;;) {
    const step = walk.next(input);
    if (step.done !== true) {
      if ('pause' in step.value) {
        yield step.value.pause;
        continue;
      }
      waiting.push(walk);
      walk = step.value;
      continue;
    }
    const parent = waiting.pop();
    if (parent === undefined) return step.value;
    walk = parent;
    input = step.value;
  }
}
