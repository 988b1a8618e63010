import type { BindClause, Block, CallStmt, Expr, Ident, NodeRange, TypeWord } from '@hlb/parser';
import type { Builtin, BuiltinEffect } from '../../builtins/builtin.js';
import { builtinSpan } from '../../builtins/declarations.js';
import type { AliasSymbol } from '../../checked.js';
import { isOptionKind } from '../../kind.js';
import { bindOutOfPlace, bindWithoutEffects, bindWithoutTarget, unknownEffect } from '../messages/binds.js';
import { at, type CheckState, type FunctionEntry, report } from '../state.js';
import { enter, exportedNames, type Occurrences, wordOf } from './declare.js';

/** A block while binds are collected. */
interface Around {
  /** The function that binds belong to; absent in the expression of an import. */
  readonly closure: FunctionEntry | undefined;
  readonly type: TypeWord;
  readonly kind: string;
  /** Whether a bind may stand directly in this block. */
  readonly mayBind: boolean;
  /** Whether this block lies in a `with` clause. */
  readonly inWith: boolean;
}

interface Collector {
  readonly state: CheckState;
  readonly occurrences: Occurrences;
  readonly exported: ReadonlySet<string>;
  /** Whether the word `as` is written in a range. Ranges are asked for in the order in which they begin. */
  readonly hasAs: (range: NodeRange) => boolean;
}

/** S2 to S6: enters what `as` binds, and reports binds that cannot be. */
export function declareBinds(state: CheckState, occurrences: Occurrences): void {
  const collector: Collector = {
    state,
    occurrences,
    exported: exportedNames(state.module),
    hasAs: wordFinder(state.file.text),
  };
  for (const unit of state.units) {
    if (unit.kind === 'import') {
      walkExpr(collector, unit.symbol.decl.expr, undefined, false);
      continue;
    }
    const { type, body } = unit.symbol.decl;
    if (body === undefined || !collector.hasAs(body)) continue;
    const mayBind = !isOptionKind(unit.word) && unit.word !== 'option';
    walkBlock(collector, body, { closure: unit, type, kind: unit.word, mayBind, inWith: false });
  }
}

/**
 * Finds ranges in which `as` is written, as a word, be it in a text. Few statements bind something; the others need not be
 * walked through.
 */
function wordFinder(text: string): Collector['hasAs'] {
  let next = -1;
  const search = (from: number): void => {
    next = text.indexOf('as', from);
    while (next !== -1 && (isWordCharacter(text, next - 1) || isWordCharacter(text, next + 2))) {
      next = text.indexOf('as', next + 2);
    }
    if (next === -1) next = Number.POSITIVE_INFINITY;
  };
  return ({ start, end }) => {
    if (next < start) search(start);
    return next < end;
  };
}

function isWordCharacter(text: string, offset: number): boolean {
  const unit = text.charCodeAt(offset);
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57) || unit === 95;
}

function walkBlock(collector: Collector, block: Block, around: Around): void {
  for (const item of block.items) {
    if (item.kind !== 'call-stmt' || !collector.hasAs(item)) continue;
    if (item.bind !== undefined) declareBind(collector, item, item.bind, around);
    for (const arg of item.args) walkExpr(collector, arg, around.closure, around.inWith);
    const options = item.with?.expr;
    if (options === undefined) continue;
    if (options.kind !== 'func-lit') {
      walkExpr(collector, options, around.closure, true);
      continue;
    }
    const word = wordOf(options.type.text);
    walkBlock(collector, options.body, {
      closure: around.closure,
      type: options.type,
      kind: word === 'option' ? `option::${item.name}` : word,
      mayBind: around.closure !== undefined && !around.inWith && !isOptionKind(around.closure.word),
      inWith: true,
    });
  }
}

function walkExpr(collector: Collector, expr: Expr, closure: FunctionEntry | undefined, inWith: boolean): void {
  switch (expr.kind) {
    case 'func-lit':
      walkBlock(collector, expr.body, {
        closure,
        type: expr.type,
        kind: wordOf(expr.type.text),
        mayBind: false,
        inWith,
      });
      return;
    case 'call':
      for (const arg of expr.args?.items ?? []) {
        if (arg.kind !== 'newline' && arg.kind !== 'comment') walkExpr(collector, arg, closure, inWith);
      }
      return;
    case 'string':
    case 'heredoc':
      if (expr.kind === 'string' && expr.plain !== undefined) return;
      for (const part of expr.fragments) {
        if (part.kind === 'interpolation' && part.expr !== undefined) walkExpr(collector, part.expr, closure, inWith);
      }
      return;
    default:
      return;
  }
}

function declareBind(collector: Collector, call: CallStmt, bind: BindClause, around: Around): void {
  const { state } = collector;
  const names = boundNames(bind);
  if (bind.target === undefined) {
    report(state, bindWithoutTarget(at(state, bind.keyword)));
    return;
  }
  if (!around.mayBind || around.closure === undefined) {
    const isOptionFunction = around.type.start === around.closure?.symbol.decl.type.start;
    report(state, bindOutOfPlace(at(state, bind.keyword), at(state, around.type), around.type.text, isOptionFunction));
    breakNames(collector, names);
    return;
  }
  const row = effectsOf(state, call, bind.keyword, around);
  if (row === undefined) {
    breakNames(collector, names);
    return;
  }
  const symbols: AliasSymbol[] = [];
  for (const { ident, effect, item } of names) {
    const found = effect === undefined ? row.effects[0] : row.effects.find((e) => e.name === effect.text);
    if (found === undefined) {
      if (effect !== undefined && effect.text !== '') {
        report(state, unknownEffect(at(state, effect), effect.text, row, at(state, call.callee.ident)));
      }
      breakNames(collector, [{ ident }]);
      continue;
    }
    if (ident.text === '') continue;
    symbols.push(declareAlias(collector, call, bind, around.closure, ident, found, item));
  }
  if (symbols.length > 0) state.aliases.set(call, symbols);
}

function declareAlias(
  collector: Collector,
  call: CallStmt,
  bind: BindClause,
  closure: FunctionEntry,
  ident: Ident,
  effect: BuiltinEffect,
  item: AliasSymbol['item'],
): AliasSymbol {
  const symbol: AliasSymbol = {
    kind: 'alias',
    name: ident.text,
    ident,
    type: effect.type,
    effect: effect.name,
    bind,
    call,
    closure: closure.symbol,
    item,
    exported: collector.exported.has(ident.text),
  };
  enter(collector.state, ident.text, ident, collector.occurrences, {
    kind: 'alias',
    name: ident.text,
    symbol,
    closure,
    resolution: { kind: 'alias', symbol },
  });
  return symbol;
}

interface BoundName {
  readonly ident: Ident;
  readonly effect?: Ident | undefined;
  readonly item?: AliasSymbol['item'];
}

function boundNames(bind: BindClause): readonly BoundName[] {
  if (bind.target === undefined) return [];
  if (bind.target.kind === 'ident') return [{ ident: bind.target }];
  return bind.target.items.flatMap((item) =>
    item.kind === 'bind-item' ? [{ ident: item.name, effect: item.effect, item }] : [],
  );
}

function breakNames(collector: Collector, names: readonly BoundName[]): void {
  for (const { ident } of names) {
    enter(collector.state, ident.text, ident, collector.occurrences, { kind: 'broken', name: ident.text, ident });
  }
}

/** The builtin whose effects a bind takes; S4 if the callee has none. Callees with other errors are left to the calls' pass. */
function effectsOf(state: CheckState, call: CallStmt, keyword: NodeRange, around: Around): Builtin | undefined {
  const name = call.name;
  const param = around.closure?.params.find((p) => p.param.name === name);
  const entry = param ?? state.entries.get(name);
  if (entry === undefined) {
    if (name === 'breakpoint') report(state, bindWithoutEffects(at(state, keyword), name, undefined, undefined));
    return undefined;
  }
  switch (entry.kind) {
    case 'builtin': {
      const fitting = entry.overloads.find((o) => o.builtin.kind === around.kind)?.builtin;
      if (fitting === undefined || fitting.effects.length > 0) return fitting;
      report(state, bindWithoutEffects(at(state, keyword), name, builtinSpan(fitting), 'builtin'));
      return undefined;
    }
    case 'broken':
      return undefined;
    case 'param':
      report(state, bindWithoutEffects(at(state, keyword), name, at(state, entry.param.field.name), undefined));
      return undefined;
    case 'function':
      report(state, bindWithoutEffects(at(state, keyword), name, at(state, entry.symbol.decl.name), entry));
      return undefined;
    case 'alias':
      report(state, bindWithoutEffects(at(state, keyword), name, at(state, entry.symbol.ident), undefined));
      return undefined;
    case 'import': {
      const member = call.member;
      if (member === undefined) return undefined;
      const shown = `${name}.${member.text}`;
      report(state, bindWithoutEffects(at(state, keyword), shown, at(state, entry.symbol.decl.name), undefined));
      return undefined;
    }
  }
}
