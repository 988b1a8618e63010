import type { AliasSymbol, FunctionSymbol } from '@hlb/checker';
import type { Block, CallExpr, CallStmt, Expr, Stmt } from '@hlb/parser';
import type { ModuleInstance } from '../scope.js';

/**
 * Which parameters of a function anything reads. There are no conditions in the language, so this is known before evaluation: a
 * parameter is read where it is named as a value, and where it is handed on to a parameter that is read. Arguments for the
 * others are never evaluated.
 */
export class ReadParameters {
  readonly #summaries = new Map<FunctionSymbol, Summary>();
  readonly #closed = new Set<FunctionSymbol>();

  /** Whether the function, with all that it calls, reads its parameter at this place. */
  reads(symbol: FunctionSymbol, instance: ModuleInstance, place: number): boolean {
    if (!this.#closed.has(symbol)) this.#close(symbol, instance);
    return this.#summaries.get(symbol)?.read.has(place) ?? true;
  }

  /** Summarises a function and everything that it calls, then lets reads flow back to the callers. */
  #close(symbol: FunctionSymbol, instance: ModuleInstance): void {
    const found: Summary[] = [];
    const open: { readonly symbol: FunctionSymbol; readonly instance: ModuleInstance }[] = [{ symbol, instance }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (this.#summaries.has(next.symbol)) continue;
      const summary = summarise(next.symbol, next.instance);
      this.#summaries.set(next.symbol, summary);
      found.push(summary);
      open.push(...summary.calls);
    }
    const handedTo = new Map<Summary, { readonly from: Summary; readonly place: number; readonly into: number }[]>();
    const settled: { readonly summary: Summary; readonly place: number }[] = [];
    for (const summary of found) {
      this.#closed.add(summary.symbol);
      for (const { place, callee, into } of summary.handed) {
        const target = this.#summaries.get(callee);
        if (target === undefined) continue;
        const edges = handedTo.get(target) ?? [];
        edges.push({ from: summary, place, into });
        handedTo.set(target, edges);
        if (target.read.has(into)) settled.push({ summary: target, place: into });
      }
    }
    for (let next = settled.pop(); next !== undefined; next = settled.pop()) {
      for (const { from, place, into } of handedTo.get(next.summary) ?? []) {
        if (into !== next.place || from.read.has(place)) continue;
        from.read.add(place);
        settled.push({ summary: from, place });
      }
    }
  }
}

interface Summary {
  readonly symbol: FunctionSymbol;
  /** Places of parameters that are read. */
  readonly read: Set<number>;
  /** Parameters that are only handed on: this one's `place` to the callee's parameter `into`. */
  readonly handed: { readonly place: number; readonly callee: FunctionSymbol; readonly into: number }[];
  readonly calls: { readonly symbol: FunctionSymbol; readonly instance: ModuleInstance }[];
}

function summarise(symbol: FunctionSymbol, instance: ModuleInstance): Summary {
  const summary: Summary = { symbol, read: new Set(), handed: [], calls: [] };
  const pending: (Block | Stmt | Expr)[] = symbol.decl.body === undefined ? [] : [symbol.decl.body];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    switch (node.kind) {
      case 'block':
        for (const item of node.items) if (item.kind === 'call-stmt' || item.kind === 'expr-stmt') pending.push(item);
        break;
      case 'expr-stmt':
        pending.push(node.expr);
        break;
      case 'func-lit':
        pending.push(node.body);
        break;
      case 'string':
      case 'heredoc':
        for (const fragment of node.fragments) {
          if (fragment.kind === 'interpolation' && fragment.expr !== undefined) pending.push(fragment.expr);
        }
        break;
      case 'call-stmt':
        if (node.with !== undefined) pending.push(node.with.expr);
        readCall(summary, instance, node, node.args, pending);
        break;
      case 'call':
        readCall(summary, instance, node, argumentsOf(node), pending);
        break;
      default:
        break;
    }
  }
  return summary;
}

function readCall(
  summary: Summary,
  instance: ModuleInstance,
  call: CallStmt | CallExpr,
  args: readonly Expr[],
  pending: (Block | Stmt | Expr)[],
): void {
  const resolution = instance.checked.resolve(call);
  if (resolution?.kind === 'param') {
    summary.read.add(resolution.index);
    return;
  }
  if (resolution?.kind === 'breakpoint') return;
  const callee = calledFunction(instance, call);
  if (callee === undefined) {
    pending.push(...args);
    return;
  }
  summary.calls.push(callee);
  args.forEach((arg, index) => {
    const handed = arg.kind === 'call' ? instance.checked.resolve(arg) : undefined;
    const into = Math.min(index, Math.max(0, callee.symbol.params.length - 1));
    if (handed?.kind === 'param') summary.handed.push({ place: handed.index, callee: callee.symbol, into });
    else pending.push(arg);
  });
}

/** The function whose body a call evaluates: of an alias, the one around its bind. */
export function calledFunction(
  instance: ModuleInstance,
  call: CallStmt | CallExpr,
): { readonly symbol: FunctionSymbol; readonly instance: ModuleInstance; readonly alias?: AliasSymbol } | undefined {
  const resolution = instance.checked.resolve(call);
  switch (resolution?.kind) {
    case 'function':
      return { symbol: resolution.symbol, instance };
    case 'alias':
      return { symbol: resolution.symbol.closure, instance, alias: resolution.symbol };
    case 'member': {
      const target = instance.imports.get(resolution.import.name);
      const symbol = target?.checked.symbols.get(resolution.member.text);
      if (target === undefined || symbol === undefined) return undefined;
      if (symbol.kind === 'function') return { symbol, instance: target };
      return symbol.kind === 'alias' ? { symbol: symbol.closure, instance: target, alias: symbol } : undefined;
    }
    default:
      return undefined;
  }
}

/** The arguments of a call expression, without what stands between them. */
export function argumentsOf(call: CallExpr): readonly Expr[] {
  if (call.args === undefined) return [];
  return call.args.items.filter((item): item is Expr => item.kind !== 'newline' && item.kind !== 'comment');
}
