import type { SolveError, SolveEvent } from '@hlb/runtime';
import type { View } from '../views/view.js';
import { visibleText } from '../views/visible-text.js';

/** The failures of a build, each once: two steps that need the same command fail with the same error. */
export function failuresOf(error: SolveError): readonly SolveError[] {
  const seen = new Set<string>();
  return [error, ...(error.details.others ?? [])].filter(({ details, message }) => {
    const key = JSON.stringify([details.vertex ?? details.step, message]);
    return !seen.has(key) && seen.add(key);
  });
}

/** The names of the steps that were left out, and what is said of repetitions. */
export class GoingOn {
  readonly #skipped: string[] = [];

  /** Shows what an event says of a build that goes on in spite of a failure. */
  take(event: SolveEvent, view: View): void {
    if (event.kind === 'step-retried') view.notice(retryNotice(event.name, event));
    else if (event.kind === 'step-skipped') this.#skipped.push(visibleText(event.name));
  }

  /** What was not done because of failures, in a sentence; empty when there is nothing to say. */
  get leftOut(): string {
    return this.#skipped.length === 0 ? '' : `not done, since what they wait for failed: ${this.#skipped.join(', ')}\n`;
  }
}

/** Says that something is tried again, and why. */
export function retryNotice(what: string, { retry, of, error }: { retry: number; of: number; error: unknown }): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `trying again (${retry} of ${of}): ${visibleText(what)}: ${visibleText(reason)}`;
}
