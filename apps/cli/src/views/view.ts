import type { SolveEvent } from '@hlb/runtime';

/** A consumer of a build's events. It only shows; what is printed about the end is the command's. */
export interface View {
  /** Called for each event, in order. */
  event(event: SolveEvent): void;
  /** A sentence about the run itself (which engine is used, that it is being cancelled). */
  notice(text: string): void;
  /** Leaves the screen as it shall stay; nothing is shown afterwards. */
  end(outcome: 'done' | 'failed' | 'cancelled'): void;
}

export type ViewName = 'tty' | 'plain' | 'rawjson' | 'quiet';
