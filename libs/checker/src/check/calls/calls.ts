import type { ArgList, Block, Call, CallExpr, CallStmt, Expr, Fragment, FuncLit, Stmt, WithClause } from '@hlb/parser';
import type { Resolution } from '../../checked.js';
import { isOptionKind, kindOfWord } from '../../kind.js';
import { wordOf } from '../declare/declare.js';
import { noteTypeWord } from '../declare/type-words.js';
import { effectWithoutValue, importCalled, listUsedAsOne, notAnImport, unknownName } from '../messages/names.js';
import {
  at,
  type CheckState,
  type Overload,
  type ParamEntry,
  type Parameter,
  report,
  type Scope,
  type Via,
} from '../state.js';
import { checkArguments } from './arguments.js';
import { lookUp } from './look-up.js';
import { wrongKind, wrongLiteral, wrongOverload } from './mismatch.js';
import { bareOptionKind, INTERPOLATION, isBareOption, only, optionsOf, type Place, type WithPlace } from './place.js';
import { looseArguments, type Rest, type Walk, waits } from './walk.js';

/** Starts the check of one unit. */
export function openWalk(state: CheckState, scope: Scope): Walk {
  return { state, scope, via: undefined, dropped: false, rest: undefined, depth: 0, waiting: [], visit: checkExpr };
}

/** Checks the statements of a block that must give `kind`. Without a kind (an unknown one) names are looked up alone. */
export function checkBlock(walk: Walk, block: Block, place: Place | undefined): void {
  const { items } = block;
  const kept = place === undefined ? 0 : firstKept(walk, items, place.allowed[0]);
  const { dropped } = walk;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (item === undefined) continue;
    walk.dropped = dropped || i < kept;
    if (item.kind === 'call-stmt') {
      const next = items[i + 1];
      walk.rest = next === undefined || next.kind === 'newline' ? undefined : restOfLine(walk, item, items, i + 1);
      const before = walk.state.diagnostics.length;
      checkStatement(walk, item, place, next?.kind === 'bad');
      // `run "x" with dir "/w"` is one mistake, though the text is a statement of its own.
      if (walk.rest !== undefined && walk.state.diagnostics.length > before) i += walk.rest.items.length;
      walk.rest = undefined;
    } else if (item.kind === 'expr-stmt') {
      checkExpr(walk, item.expr, place);
    }
  }
  walk.dropped = dropped;
}

/** The first statement whose value is not replaced by that of a later one, which starts afresh. */
function firstKept(walk: Walk, items: Block['items'], kind: string | undefined): number {
  if (kind !== 'fs' && kind !== 'string' && kind !== 'int' && kind !== 'bool') return 0;
  for (let i = items.length - 1; i > 0; i--) {
    const item = items[i];
    if (item?.kind === 'expr-stmt') return i;
    if (item?.kind === 'call-stmt' && (kind !== 'fs' || startsAfresh(walk, item))) return i;
  }
  return 0;
}

function startsAfresh({ state, scope }: Walk, { name, member }: CallStmt): boolean {
  if (!SOURCES.has(name) || member !== undefined) return false;
  return lookUp(state, scope, name, undefined, undefined)?.kind === 'builtin';
}

/** Builtins that start from nothing, whatever the block has built. */
const SOURCES = new Set(['scratch', 'image', 'http', 'git', 'local', 'frontend']);

/** The statements that follow a `with NAME` without a newline or `;` between. */
function restOfLine(walk: Walk, call: CallStmt, items: Block['items'], from: number): Rest | undefined {
  const options = call.with?.expr;
  if (options?.kind !== 'call' || options.args !== undefined || call.bind !== undefined) return undefined;
  const rest: Stmt[] = [];
  let end = call.end;
  for (let i = from; i < items.length; i++) {
    const item = items[i];
    if (item?.kind !== 'expr-stmt' && item?.kind !== 'call-stmt') break;
    if (walk.state.file.text.slice(end, item.start).trim() !== '') break;
    rest.push(item);
    end = item.end;
  }
  return rest.length === 0 ? undefined : { call: options, items: rest };
}

function checkStatement(walk: Walk, call: CallStmt, place: Place | undefined, cutShort: boolean): void {
  const found = checkCall(walk, call, call.args, undefined, call, place, cutShort);
  if (call.with === undefined || found === 'skip') return;
  if (found?.kind === 'member') quietly(walk, [call.with.expr]);
  else checkWith(walk, call, call.with, found);
}

/** Checks an expression against what its place allows; without a place only names are looked up. */
export function checkExpr(walk: Walk, expr: Expr, place: Place | undefined): void {
  if (waits(walk, expr, place)) return;
  walk.depth++;
  checkKind(walk, expr, place);
  walk.depth--;
}

function checkKind(walk: Walk, expr: Expr, place: Place | undefined): void {
  switch (expr.kind) {
    case 'call':
      checkCallExpr(walk, expr, place);
      return;
    case 'func-lit':
      checkLiteralBlock(walk, expr, place);
      return;
    case 'string':
    case 'heredoc':
      if (expr.kind === 'heredoc' || expr.plain === undefined) checkInterpolations(walk, expr.fragments);
      if (place !== undefined && !place.allowed.includes('string')) wrongLiteral(walk.state, expr, 'string', place);
      return;
    case 'raw-string':
    case 'raw-heredoc':
      if (place !== undefined && !place.allowed.includes('string')) wrongLiteral(walk.state, expr, 'string', place);
      return;
    case 'int':
    case 'bool':
      if (place !== undefined && !place.allowed.includes(expr.kind)) wrongLiteral(walk.state, expr, expr.kind, place);
      return;
    case 'bad':
      return;
  }
}

function checkInterpolations(walk: Walk, fragments: readonly Fragment[]): void {
  for (const part of fragments) {
    if (part.kind === 'interpolation' && part.expr !== undefined) checkExpr(walk, part.expr, INTERPOLATION);
  }
}

function checkCallExpr(walk: Walk, expr: CallExpr, place: Place | undefined): void {
  checkCall(walk, expr, argumentsOf(expr.args), expr.args, undefined, place, false);
}

/** The arguments in parentheses, without comments and newlines. */
export function argumentsOf(list: ArgList | undefined): readonly Expr[] {
  if (list === undefined) return NONE;
  const args: Expr[] = [];
  for (const item of list.items) if (item.kind !== 'newline' && item.kind !== 'comment') args.push(item);
  return args;
}
const NONE: readonly Expr[] = [];

function checkLiteralBlock(walk: Walk, literal: FuncLit, place: Place | undefined): void {
  const bare = isBareOption(literal);
  const word = bare ? bareOptionKind(place) : wordOf(literal.type.text);
  if (word === undefined) {
    // A bare `option` where no option can stand: its kind is nobody's.
    if (place !== undefined) wrongLiteral(walk.state, literal, 'option', place);
    return;
  }
  if (!bare) noteTypeWord(walk.state, literal.type, literal.body);
  if (bare) {
    const kind = kindOfWord(word);
    if (kind !== undefined) walk.state.placeKinds.set(literal, kind);
  } else if (place !== undefined && !place.allowed.includes(word)) {
    wrongLiteral(walk.state, literal, word, place);
  }
  checkBlock(walk, literal.body, {
    kind: 'block',
    allowed: only(word),
    type: literal.type,
    name: undefined,
    options: place?.kind === 'with' ? place : undefined,
  });
}

/** What a callee was found to be; `undefined` after an error, `skip` for a breakpoint, of which nothing is looked at. */
type Callee = Resolution | 'skip' | undefined;

function checkCall(
  walk: Walk,
  call: Call,
  args: readonly Expr[],
  list: ArgList | undefined,
  stmt: CallStmt | undefined,
  place: Place | undefined,
  cutShort: boolean,
): Callee {
  const { state, scope } = walk;
  const { name, member } = call;
  if (name === 'breakpoint' && member === undefined) {
    state.resolutions.set(call, BREAKPOINT);
    const kind = kindOfWord(place?.allowed[0] ?? '');
    if (kind !== undefined && place?.allowed.length === 1) state.breakpointKinds.set(call.number, kind);
    return 'skip';
  }
  const entry = lookUp(state, scope, name, place, stmt);
  if (member !== undefined) {
    if (entry === undefined) missing(state, scope, call, place);
    else if (entry.kind === 'import') {
      const resolution: Resolution = { kind: 'member', import: entry.symbol, member };
      state.resolutions.set(call, resolution);
      if (state.recording) scope.unit.edges.push({ to: entry, call, via: walk.via });
      if (state.reporting) state.members.push({ import: entry.symbol, call, args, list, stmt, place, scope });
      quietly(walk, args);
      return resolution;
    } else if (entry.kind !== 'broken') report(state, notAnImport(state, call.callee, entry));
    looseArguments(walk, args);
    return undefined;
  }
  if (entry === undefined) {
    missing(state, scope, call, place);
    looseArguments(walk, args);
    return undefined;
  }
  switch (entry.kind) {
    case 'builtin': {
      const chosen = chooseOverload(entry.overloads, place);
      if (chosen === undefined) {
        if (place !== undefined) wrongOverload(state, call, entry, place);
        looseArguments(walk, args);
        return undefined;
      }
      const { builtin } = chosen;
      const fits = place === undefined || place.allowed.includes(builtin.kind);
      state.resolutions.set(call, chosen.resolution);
      if (!fits) wrongKind(state, call, builtin.kind, place, entry, builtin);
      const wellFormed = checkArguments(walk, call, args, chosen.parameters, stmt, cutShort, builtin, place);
      if (wellFormed && fits && state.recording && isJudged(chosen, args, stmt)) {
        state.sites.push({ builtin, call, args, stmt, unit: scope.unit, via: walk.via, dropped: walk.dropped });
      }
      return fits && wellFormed ? chosen.resolution : undefined;
    }
    case 'function':
    case 'alias': {
      const target = entry.kind === 'alias' ? entry.closure : entry;
      const word = entry.kind === 'alias' ? entry.symbol.type : entry.word;
      state.resolutions.set(call, entry.resolution);
      if (state.recording) scope.unit.edges.push({ to: entry, call, via: walk.via });
      if (place !== undefined && !place.allowed.includes(word)) wrongKind(state, call, word, place, entry, undefined);
      return checkArguments(walk, call, args, target.params, stmt, cutShort, entry, place)
        ? entry.resolution
        : undefined;
    }
    case 'param':
      state.resolutions.set(call, entry.resolution);
      if (state.recording) noteUse(entry, walk.via);
      if (entry.param.variadic && place !== undefined) checkListUse(walk, call, entry, place);
      if (place !== undefined && !place.allowed.includes(entry.word)) {
        wrongKind(state, call, entry.word, place, entry, undefined);
      }
      return checkArguments(walk, call, args, NO_PARAMETERS, stmt, cutShort, entry, place)
        ? entry.resolution
        : undefined;
    case 'import':
      report(state, importCalled(at(state, call.callee.ident), name, at(state, entry.symbol.decl.name)));
      looseArguments(walk, args);
      return undefined;
    case 'effect':
      if (state.recording) {
        state.early.push({
          diagnostic: effectWithoutValue(at(state, call.callee.ident), name),
          unit: scope.unit,
          via: walk.via,
        });
      }
      looseArguments(walk, args);
      return undefined;
    case 'broken':
      looseArguments(walk, args);
      return undefined;
  }
}

function noteUse(param: ParamEntry, via: Via | undefined): void {
  if (via === undefined) param.isRead = true;
  else if (param.uses === undefined) param.uses = [via];
  else param.uses.push(via);
}

/** The values of a variadic parameter are a list, which only another variadic parameter or a list of options takes. */
function checkListUse(walk: Walk, call: Call, entry: ParamEntry, place: Place): void {
  const { state, scope } = walk;
  if (!state.recording || isOptionKind(entry.word) || (place.kind === 'argument' && place.variadic)) return;
  const diagnostic = listUsedAsOne(at(state, call.callee.ident), entry.param.name, at(state, entry.param.field));
  state.early.push({ diagnostic, unit: scope.unit, via: walk.via });
}

const BREAKPOINT: Resolution = { kind: 'breakpoint' };
const NO_PARAMETERS: readonly Parameter[] = [];

function missing(state: CheckState, scope: Scope, call: Call, place: Place | undefined): void {
  const { name } = call;
  if (name === '' || state.lostNames.has(name)) return;
  report(state, unknownName(state, scope, call.callee.ident, place));
}

/** Looks up names in what is given to an imported call: what is wrong with it shows when the module is known. */
function quietly(walk: Walk, args: readonly Expr[]): void {
  const { reporting, recording } = walk.state;
  walk.state.reporting = false;
  walk.state.recording = false;
  looseArguments(walk, args);
  walk.state.reporting = reporting;
  walk.state.recording = recording;
}

/** The overload of a kind that the place allows; the only one there is, even if it does not fit. */
function chooseOverload(overloads: readonly Overload[], place: Place | undefined): Overload | undefined {
  if (overloads.length === 1) return overloads[0];
  if (place === undefined) return undefined;
  for (const overload of overloads) if (place.allowed.includes(overload.builtin.kind)) return overload;
  return undefined;
}

/** Whether `values.ts` has something to say about this call. */
function isJudged(overload: Overload, args: readonly Expr[], call: CallStmt | undefined): boolean {
  switch (overload.judged) {
    case 'always':
      return true;
    case 'without arguments':
      return args.length === 0;
    case 'bound':
      return call?.bind !== undefined;
    case 'never':
      return false;
  }
}

/** C13: what follows `with` must be options of the callee. */
export function checkWith(walk: Walk, call: Call, clause: WithClause, found: Resolution | undefined): void {
  if (found === undefined) {
    checkExpr(walk, clause.expr, undefined);
    return;
  }
  const builtin = found.kind === 'builtin' ? found.builtin : undefined;
  const place: WithPlace = {
    kind: 'with',
    allowed: builtin === undefined ? [`option::${call.name}`] : optionsOf(builtin),
    call,
    clause,
    takesOptions: builtin?.options !== undefined,
  };
  if (!place.takesOptions) walk.state.uselessWith.push(clause);
  checkExpr(walk, clause.expr, place);
}
