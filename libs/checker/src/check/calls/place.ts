import type { Call, FuncLit, TypeWord, WithClause } from '@hlb/parser';
import type { Builtin } from '../../builtins/builtin.js';
import { isOptionKind } from '../../kind.js';

/** Where a value stands, and so which kinds it may have. Messages are made of it. */
export type Place =
  /** A statement of a block. */
  | {
      readonly kind: 'block';
      readonly allowed: readonly string[];
      readonly type: TypeWord;
      /** The function whose body it is; absent for a literal. */
      readonly name: string | undefined;
      /** The `with` clause whose literal it is. */
      readonly options: WithPlace | undefined;
    }
  | ArgumentPlace
  | WithPlace
  | { readonly kind: 'interpolation'; readonly allowed: readonly string[] }
  | { readonly kind: 'import'; readonly allowed: readonly string[] };

/** An argument. */
export interface ArgumentPlace {
  readonly kind: 'argument';
  readonly allowed: readonly string[];
  readonly callee: string;
  readonly param: string;
  /** The type word of the parameter, where a program declares it. */
  readonly type: TypeWord | undefined;
  readonly variadic: boolean;
}

export interface WithPlace {
  readonly kind: 'with';
  readonly allowed: readonly string[];
  readonly call: Call;
  readonly clause: WithClause;
  /** Whether the callee has options at all. */
  readonly takesOptions: boolean;
}

export const INTERPOLATION: Place = { kind: 'interpolation', allowed: ['bool', 'int', 'string'] };
export const IMPORT: Place = { kind: 'import', allowed: ['fs', 'string'] };

const PIPELINE_ARGUMENT: readonly string[] = ['bool', 'fs', 'int', 'pipeline', 'string'];
const single = new Map<string, readonly string[]>();

/** Just this kind. */
export function only(kind: string): readonly string[] {
  let kinds = single.get(kind);
  if (kinds === undefined) {
    kinds = [kind];
    single.set(kind, kinds);
  }
  return kinds;
}

const options = new Map<Builtin, readonly string[]>();

/** Just the options of a builtin. */
export function optionsOf(builtin: Builtin): readonly string[] {
  let kinds = options.get(builtin);
  if (kinds === undefined) {
    kinds = only(`option::${builtin.name}`);
    options.set(builtin, kinds);
  }
  return kinds;
}

/** What a parameter of this kind takes: a pipeline also takes what can be built or evaluated as a step of it. */
function argumentKinds(kind: string): readonly string[] {
  return kind === 'pipeline' ? PIPELINE_ARGUMENT : only(kind);
}

/** The kind that a bare `option { … }` has in this place. */
export function bareOptionKind(place: Place | undefined): string | undefined {
  return place?.allowed.find(isOptionKind);
}

/** Where an argument for a parameter stands. */
export function argumentPlace(
  callee: string,
  param: string,
  kind: string,
  variadic: boolean,
  type: TypeWord | undefined,
): ArgumentPlace {
  return { kind: 'argument', allowed: argumentKinds(kind), callee, param, type, variadic };
}

export function isBareOption(literal: FuncLit): boolean {
  return literal.type.text === 'option';
}
