import type { SolveEvent } from '@hlb/runtime';
import type { BuildState } from './build-state.js';
import type { View } from './view.js';

/** Shows nothing while a build runs; what failed is told by the command at the end. */
export class QuietView implements View {
  readonly #state: BuildState;

  constructor(state: BuildState) {
    this.#state = state;
  }

  event(event: SolveEvent): void {
    this.#state.take(event);
  }

  notice(): void {}

  end(): void {}
}
