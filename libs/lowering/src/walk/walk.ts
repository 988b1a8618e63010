/**
 * A piece of work that may need others of its kind: it yields one and is resumed with its result. Programs nest deeper than the
 * engine's own stack reaches, so such work never calls itself; `runWalk` keeps the stack.
 */
export type Walk<T> = Generator<Walk<T>, T, T>;

/** Runs a walk and all that it asks for. Its stack is a list, as deep as memory. `start` is what a walk is first resumed with. */
export function runWalk<T>(first: Walk<T>, start: T): T {
  const waiting: Walk<T>[] = [];
  let walk = first;
  let input = start;
  for (;;) {
    const step = walk.next(input);
    if (step.done !== true) {
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
