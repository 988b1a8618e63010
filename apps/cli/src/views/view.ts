import type { SolveEvent } from '@hlb/runtime';

/** A consumer of a build's events. It only shows; what is printed about the end is the command's. */
export interface View {
  /** Called for each event, in order. */
  event(event: SolveEvent): void;
  /** A text about the run itself, of one line or several: which engine is used, what is odd in the program. */
  notice(text: string): void;
  /** Leaves the screen as it shall stay; nothing is shown afterwards. */
  end(outcome: 'done' | 'failed' | 'cancelled'): void;
}

export type ViewName = 'tty' | 'plain' | 'rawjson' | 'quiet';
