import { type Needs, resolveLater, type SessionNeeds, type Step, type StepResults } from './plan.js';

/** All that several steps need, equal things once. */
export function joinedNeeds(all: readonly Needs[]): Needs {
  return {
    session: joinedSession(all.map(({ session }) => session)),
    entitlements: [...new Set(all.flatMap(({ entitlements }) => entitlements))].sort(),
  };
}

/**
 * A step with all that it needs, once the steps are done of whose results that is made.
 * @throws what is wrong with it: a file that is not there, something that is not allowed
 */
export function withLateNeeds<S extends Step>(step: S, results: StepResults): S {
  const { lateNeeds } = step;
  return lateNeeds === undefined ? step : { ...step, ...joinedNeeds([step, resolveLater(lateNeeds, results)]) };
}

function joinedSession(needs: readonly SessionNeeds[]): SessionNeeds {
  return {
    directories: distinct(needs.flatMap(({ directories }) => directories)),
    secrets: distinct(needs.flatMap(({ secrets }) => secrets)),
    agents: distinct(needs.flatMap(({ agents }) => agents)),
  };
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
