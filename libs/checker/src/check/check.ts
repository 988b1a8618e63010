import type { Diagnostic } from '@hlb/diagnostics';
import type { CallExpr, Expr, FuncLit, Module } from '@hlb/parser';
import type { CheckedModule, ImportSymbol, ModuleSymbol } from '../checked.js';
import { type Kind, kindOfWord } from '../kind.js';
import { openState } from './declare/declare.js';
import { unitOf } from './evaluation/cycles.js';
import { isEvaluated, openEvaluated } from './evaluation/reach.js';
import { checkPasses } from './passes.js';
import type { CheckState, Unit } from './state.js';
import { readableIn } from './unreadable.js';

/** Diagnostics that one check gives at most; the last says that there are more. */
const MOST_DIAGNOSTICS = 100;

const states = new WeakMap<CheckedModule, CheckState>();

/** The state behind a checked module, for what goes on where the check ended. */
export function stateOf(checked: CheckedModule): CheckState | undefined {
  return states.get(checked);
}

export interface CheckOptions {
  /** What the parser found wrong: of statements that it could not read, nothing further is reported. */
  readonly syntax?: readonly Diagnostic[];
}

/** Checks a module as far as it goes by itself; `checkReferences` goes on with what it takes from imports. Never throws. */
export function check(module: Module, options: CheckOptions = {}): CheckedModule {
  const state = openState(module);
  for (const pass of checkPasses) pass.run(state);
  state.isReadable = readableIn(module, options.syntax ?? []);
  keep(state.diagnostics, state.isReadable);
  keep(state.early, (found) => state.isReadable(found.diagnostic));
  const checked = checkedModule(state);
  states.set(checked, state);
  return checked;
}

/** Drops all of an array but what is wanted. */
function keep<T>(all: T[], isWanted: (one: T) => boolean): void {
  const kept = all.filter(isWanted);
  all.length = 0;
  for (const one of kept) all.push(one);
}

function checkedModule(state: CheckState): CheckedModule {
  const symbols = new Map<string, ModuleSymbol>();
  for (const entry of state.entries.values()) {
    if (entry.kind !== 'builtin' && entry.kind !== 'broken') symbols.set(entry.name, entry.symbol);
  }
  const imports: readonly ImportSymbol[] = state.imports.map((entry) => entry.symbol);
  const resolve: CheckedModule['resolve'] = (call) => state.resolutions.get(call);
  return {
    module: state.module,
    file: state.file,
    symbols,
    imports,
    resolve,
    literalKind: (literal) => literalKind(state, literal),
    exprKind: (expr) => exprKind(state, expr),
    aliasesOf: (call) => state.aliases.get(call) ?? [],
    diagnostics: inOrder(state.diagnostics),
    early: inOrder(state.early.map((found) => found.diagnostic)),
    blocking: (targets) => blocking(state, targets),
  };
}

function literalKind(state: CheckState, literal: FuncLit): Kind | undefined {
  return state.placeKinds.get(literal) ?? kindOfWord(literal.type.text);
}

function exprKind(state: CheckState, expr: Expr): Kind | undefined {
  switch (expr.kind) {
    case 'int':
    case 'bool':
      return expr.kind;
    case 'string':
    case 'raw-string':
    case 'heredoc':
    case 'raw-heredoc':
      return 'string';
    case 'func-lit':
      return literalKind(state, expr);
    case 'call':
      return callKind(state, expr);
    case 'bad':
      return undefined;
  }
}

function callKind(state: CheckState, call: CallExpr): Kind | undefined {
  const resolution = state.resolutions.get(call);
  switch (resolution?.kind) {
    case 'builtin':
      return resolution.builtin.kind;
    case 'function':
    case 'alias':
      return resolution.symbol.type;
    case 'param':
      return resolution.param.type;
    case 'member':
      return state.memberKinds.get(call.number);
    case 'breakpoint':
      return state.breakpointKinds.get(call.number);
    case undefined:
      return undefined;
  }
}

/** Diagnostics by place, at most so many. */
function inOrder(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const start = (d: Diagnostic): number => d.labels[0]?.span.start ?? 0;
  return [...found].sort((a, b) => start(a) - start(b)).slice(0, MOST_DIAGNOSTICS);
}

/** What keeps these targets from being built: every error of the module, and of the early findings those that are reached. */
function blocking(state: CheckState, targets: readonly string[]): readonly Diagnostic[] {
  const evaluated = openEvaluated(state);
  const reached = new Set<Unit>();
  const open: Unit[] = [];
  const reach = (unit: Unit): void => {
    if (reached.has(unit)) return;
    reached.add(unit);
    open.push(unit);
  };
  for (const target of targets) {
    const entry = state.entries.get(target);
    if (entry !== undefined && entry.kind !== 'builtin' && entry.kind !== 'broken') reach(unitOf(entry));
  }
  for (let unit = open.pop(); unit !== undefined; unit = open.pop()) {
    for (const edge of unit.edges) if (isEvaluated(evaluated, edge.via)) reach(unitOf(edge.to));
  }
  const early = state.early.filter(({ unit, via }) => reached.has(unit) && isEvaluated(evaluated, via));
  return inOrder([...state.diagnostics, ...early.map((found) => found.diagnostic)]).filter(
    (found) => found.severity === 'error',
  );
}
