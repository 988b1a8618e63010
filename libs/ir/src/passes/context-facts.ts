import type { FactTable } from './facts.js';
import type { PassContext } from './pass.js';

/** The facts of a context as data. */
export interface ContextFacts {
  readonly table: FactTable | undefined;
  readonly platform: string | undefined;
}

/** What was fetched for the contexts that exist: a pass in another thread gets the data, not the lookups. */
const fetched = new WeakMap<PassContext, ContextFacts>();

export function setContextFacts(context: PassContext, facts: ContextFacts): void {
  fetched.set(context, facts);
}

export function contextFacts(context: PassContext): ContextFacts {
  return fetched.get(context) ?? { table: undefined, platform: undefined };
}
