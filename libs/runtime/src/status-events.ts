import type { StatusUpdate } from '@hlb/buildkit';
import type { StepId } from '@hlb/plan';
import type { SolveEvent } from './events.js';

/** The events of an update of the engine, as it orders them: vertices before what belongs to them. */
export function* statusEvents(step: StepId, update: StatusUpdate): Generator<SolveEvent> {
  for (const { error, ...vertex } of update.vertices) {
    yield { kind: 'vertex', step, ...vertex, ...(error === '' ? {} : { error }) };
  }
  for (const { id, vertex, name, current, total, time, started, completed } of update.counters) {
    yield {
      ...{ kind: 'progress', step, vertex, id, name, current, total },
      ...(time === undefined ? {} : { time }),
      ...(started === undefined ? {} : { started }),
      ...(completed === undefined ? {} : { completed }),
    };
  }
  for (const log of update.logs) yield { kind: 'log', step, ...log };
  for (const { url, ...warning } of update.warnings) {
    yield { kind: 'warning', step, ...warning, ...(url === '' ? {} : { url }) };
  }
}
