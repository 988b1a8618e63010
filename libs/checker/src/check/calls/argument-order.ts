import type { Expr } from '@hlb/parser';
import { wordOf } from '../declare/declare.js';
import type { Parameter } from '../state.js';
import { lookUp } from './look-up.js';
import type { Walk } from './walk.js';

/** More arguments than this are not tried in other orders. */
const MOST_ARGUMENTS = 5;

/**
 * Another order in which arguments of the wrong kinds would fit: which argument each parameter would take.
 * `undefined` if there is none, or if it isn't known what an argument gives.
 */
export function fittingOrder(
  walk: Walk,
  args: readonly Expr[],
  params: readonly Parameter[],
): readonly number[] | undefined {
  if (args.length !== params.length || args.length > MOST_ARGUMENTS || args.length < 2) return undefined;
  const kinds = args.map((arg) => argumentKindOf(walk, arg));
  if (kinds.includes(undefined)) return undefined;
  const allowed = params.map((p) => p.place.allowed);
  const order: number[] = [];
  // Parameters that their own argument fits keep it, where possible.
  const place = (index: number): boolean => {
    const wanted = allowed[index];
    if (wanted === undefined) return true;
    const candidates = [index, ...args.keys()];
    for (const candidate of candidates) {
      if (order.includes(candidate) || !wanted.includes(kinds[candidate] ?? '')) continue;
      order.push(candidate);
      if (place(index + 1)) return true;
      order.pop();
    }
    return false;
  };
  return place(0) ? order : undefined;
}

/** The kind that an argument gives, where its text alone tells. */
export function argumentKindOf(walk: Walk, arg: Expr): string | undefined {
  switch (arg.kind) {
    case 'int':
    case 'bool':
      return arg.kind;
    case 'string':
    case 'raw-string':
    case 'heredoc':
    case 'raw-heredoc':
      return 'string';
    case 'func-lit':
      return wordOf(arg.type.text);
    case 'call': {
      if (arg.member !== undefined) return undefined;
      const entry = lookUp(walk.state, walk.scope, arg.name, undefined, undefined);
      switch (entry?.kind) {
        case 'builtin':
          return entry.overloads.length === 1 ? entry.overloads[0]?.builtin.kind : undefined;
        case 'function':
        case 'param':
          return entry.word;
        case 'alias':
          return entry.symbol.type;
        default:
          return undefined;
      }
    }
    case 'bad':
      return undefined;
  }
}
