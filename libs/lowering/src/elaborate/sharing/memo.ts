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

/**
 * Calls that were evaluated, by function, bound effect, start value and arguments. A call is the same as an earlier one only
 * where all of these are the same values; texts and numbers are compared by what they say, all else by identity.
 */
export class CallMemo {
  readonly #results = new Map<string, Remembered>();
  readonly #functions = new Map<object, number>();
  readonly #objects = new Map<object, number>();
  readonly #texts = new Map<string, number>();

  key(symbol: FunctionSymbol | AliasSymbol, start: Value, args: readonly (Value | undefined)[]): string {
    let key = `${number(this.#functions, symbol)}<${this.#value(start)}`;
    for (const arg of args) key += `,${arg === undefined ? '' : this.#value(arg)}`;
    return key;
  }

  get(key: string): Remembered | undefined {
    return this.#results.get(key);
  }

  set(key: string, remembered: Remembered): void {
    this.#results.set(key, remembered);
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

function number<Key>(numbers: Map<Key, number>, key: Key): number {
  let found = numbers.get(key);
  if (found === undefined) {
    found = numbers.size;
    numbers.set(key, found);
  }
  return found;
}
