import type { Expr, IdentExpr, Stmt } from '@hlb/parser';
import type { CheckState, Scope, Via } from '../state.js';
import type { Place } from './place.js';

/** Statements that begin on the line where another ends: most likely arguments that were meant for the call after `with`. */
export interface Rest {
  /** The call after `with`. */
  readonly callee: IdentExpr;
  readonly items: readonly Stmt[];
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
  /** Checks an expression against what its place allows; without a place only names are looked up. */
  readonly visit: (walk: Walk, expr: Expr, place: Place | undefined) => void;
}

/** Looks up names in arguments whose parameters are not known, and reports unknown ones. */
export function looseArguments(walk: Walk, args: readonly Expr[]): void {
  for (const arg of args) walk.visit(walk, arg, undefined);
}
