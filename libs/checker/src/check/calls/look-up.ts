import type { CallStmt } from '@hlb/parser';
import type { CheckState, Entry, Found, Scope } from '../state.js';
import type { Place } from './place.js';

/**
 * Finds a name, innermost scope first: parameters and effects of the function, then the module, then the builtins.
 * `parallel`, the old name of `stage`, stands for it in statements of pipelines, and wherever no declaration has the name.
 */
export function lookUp(
  state: CheckState,
  scope: Scope,
  name: string,
  place: Place | undefined,
  call: CallStmt | undefined,
): Found | undefined {
  if (name === 'parallel' && call !== undefined && place?.kind === 'block' && place.allowed.includes('pipeline')) {
    return stage(state);
  }
  for (const entry of scope.params) if (entry.param.name === name) return entry;
  if (scope.effects.includes(name)) return { kind: 'effect', name };
  return state.entries.get(name) ?? (name === 'parallel' ? stage(state) : undefined);
}

function stage(state: CheckState): Entry | undefined {
  return state.entries.get('stage');
}
