import type { Call, Expr, Stmt } from '@hlb/parser';
import type { CheckState, Scope, Via } from '../state.js';
import type { Place } from './place.js';

/** Statements that begin on the line where another ends: most likely arguments that were meant for the call after `with`. */
export interface Rest {
  /** The call after `with`. */
  readonly call: Call;
  readonly items: readonly Stmt[];
}

/** How deep expressions are walked through at once: seven calls a level, which the smallest stack has room for. */
const MOST_AT_ONCE = 64;

/** An expression that stands so deep that it waits until the stack is free again, and the circumstances in which it stands. */
interface Waiting {
  readonly expr: Expr;
  readonly place: Place | undefined;
  readonly via: Via | undefined;
  readonly dropped: boolean;
  readonly reporting: boolean;
  readonly recording: boolean;
  readonly countsMatter: boolean;
}

/** What one unit's check carries along. */
export interface Walk {
  readonly state: CheckState;
  readonly scope: Scope;
  /** Conditions under which the place that is looked at is evaluated. */
  via: Via | undefined;
  /** Whether a later statement replaces what this one gives. */
  dropped: boolean;
  /** What follows a `with` clause on its line, as if it were statements. */
  rest: Rest | undefined;
  /** How many expressions the place that is looked at stands in. */
  depth: number;
  readonly waiting: Waiting[];
  /** Checks an expression against what its place allows; without a place only names are looked up. */
  readonly visit: (walk: Walk, expr: Expr, place: Place | undefined) => void;
}

/** Whether an expression is too deep to be walked through now; it is then noted for `finishWalk`. */
export function waits(walk: Walk, expr: Expr, place: Place | undefined): boolean {
  if (walk.depth < MOST_AT_ONCE) return false;
  const { via, dropped } = walk;
  const { reporting, recording, countsMatter } = walk.state;
  walk.waiting.push({ expr, place, via, dropped, reporting, recording, countsMatter });
  return true;
}

/** Ends a walk: goes through what waits, which may make more of it wait. */
export function finishWalk(walk: Walk): void {
  if (walk.waiting.length > 0) finishWaiting(walk);
  // A copy has no room for more, which would be most of the checker's memory.
  walk.scope.unit.edges = walk.scope.unit.edges.slice();
}

function finishWaiting(walk: Walk): void {
  const { state } = walk;
  const { reporting, recording, countsMatter } = state;
  for (const next of walk.waiting) {
    walk.via = next.via;
    walk.dropped = next.dropped;
    state.reporting = next.reporting;
    state.recording = next.recording;
    state.countsMatter = next.countsMatter;
    walk.visit(walk, next.expr, next.place);
  }
  state.reporting = reporting;
  state.recording = recording;
  state.countsMatter = countsMatter;
}

/** Looks up names in arguments whose parameters are not known, and reports unknown ones. */
export function looseArguments(walk: Walk, args: readonly Expr[]): void {
  for (const arg of args) walk.visit(walk, arg, undefined);
}
