import type { AliasSymbol, FunctionSymbol } from '@hlb/checker';
import type { OpId } from '@hlb/ir';
import type { BindClause } from '@hlb/parser';
import type { Value } from '../values.js';
import type { MadeOps } from './shared-origins.js';

/** What a finished call gave, and what it depended on beside its arguments. */
export interface Remembered extends MadeOps {
  readonly value: Value;
  /** The generation that its locals read; `undefined` where it has none. */
  readonly generation: number | undefined;
  /** The pushes of its body that names are bound to. */
  readonly pushes: ReadonlyMap<BindClause, OpId>;
}

/** A call by all that its result follows from: function or name, start value and arguments. */
export interface MemoCall {
  readonly symbol: FunctionSymbol | AliasSymbol;
  readonly start: Value;
  readonly args: readonly (Value | undefined)[];
}

/**
 * Calls that were evaluated, by function, bound effect, start value and arguments. A call is the same as an earlier one only
 * where all of these are the same values; texts and numbers are compared by what they say, all else by identity.
 */
export class CallMemo {
  /** Of each function the call that was evaluated first. Most are called once, or as before: these need no key. */
  readonly #first = new Map<FunctionSymbol | AliasSymbol, First>();
  /** All others, by keys. */
  readonly #others = new Map<string, Remembered>();
  readonly #functions = new Map<object, number>();
  readonly #objects = new Map<object, number>();
  readonly #texts = new Map<string, number>();

  get(call: MemoCall): Remembered | undefined {
    const first = this.#first.get(call.symbol);
    if (first === undefined) return undefined;
    return isSame(first, call) ? first.remembered : this.#others.get(this.#key(call));
  }

  set(call: MemoCall, remembered: Remembered): void {
    const first = this.#first.get(call.symbol);
    if (first === undefined || isSame(first, call)) {
      const { start, args } = call;
      this.#first.set(call.symbol, { start, args, remembered });
    } else {
      this.#others.set(this.#key(call), remembered);
    }
  }

  #key({ symbol, start, args }: MemoCall): string {
    let key = `${number(this.#functions, symbol)}<${this.#value(start)}`;
    for (const arg of args) key += `,${arg === undefined ? '' : this.#value(arg)}`;
    return key;
  }

  #value(value: Value): string {
    switch (value.kind) {
      case 'fs':
        return `f${value.op}`;
      case 'string':
        return typeof value.text === 'string' ? `s${number(this.#texts, value.text)}` : `t${value.text}`;
      case 'int':
        return `i${value.value}`;
      case 'bool':
        return value.value ? 'b1' : 'b0';
      case 'pipeline':
        return `p${number(this.#objects, value.stage)}`;
      case 'options':
        return value.last === undefined ? 'o' : `o${number(this.#objects, value.last)}`;
      case 'list':
        return `[${value.items.map((item) => this.#value(item.value)).join(' ')}]`;
    }
  }
}

interface First extends Pick<MemoCall, 'start' | 'args'> {
  readonly remembered: Remembered;
}

/** Whether two calls of one function are the same. */
function isSame(one: Pick<MemoCall, 'start' | 'args'>, other: Pick<MemoCall, 'start' | 'args'>): boolean {
  return isSameValue(one.start, other.start) && one.args.every((arg, place) => isSameValue(arg, other.args[place]));
}

function isSameValue(one: Value | undefined, other: Value | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  switch (one.kind) {
    case 'fs':
      return other.kind === 'fs' && one.op === other.op;
    case 'string':
      return other.kind === 'string' && one.text === other.text;
    case 'int':
    case 'bool':
      return other.kind === one.kind && one.value === other.value;
    case 'pipeline':
      return other.kind === 'pipeline' && one.stage === other.stage;
    case 'options':
      return other.kind === 'options' && one.last === other.last;
    case 'list':
      return (
        other.kind === 'list' &&
        one.items.length === other.items.length &&
        one.items.every((item, place) => isSameValue(item.value, other.items[place]?.value))
      );
  }
}

function number<Key>(numbers: Map<Key, number>, key: Key): number {
  let found = numbers.get(key);
  if (found === undefined) {
    found = numbers.size;
    numbers.set(key, found);
  }
  return found;
}
