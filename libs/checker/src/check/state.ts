import { type Diagnostic, type SourceFile, type Span, span } from '@hlb/diagnostics';
import type {
  ArgList,
  Call,
  CallStmt,
  Expr,
  FuncLit,
  Ident,
  Module,
  NodeRange,
  TypeWord,
  WithClause,
} from '@hlb/parser';
import type { Builtin } from '../builtins/builtin.js';
import type { AliasSymbol, FunctionSymbol, ImportSymbol, Param, Resolution } from '../checked.js';
import type { Kind } from '../kind.js';
import type { CallMap } from './call-map.js';
import type { ArgumentPlace, Place } from './calls/place.js';

/** A parameter while its function is checked. */
export interface ParamEntry extends Parameter {
  readonly kind: 'param';
  readonly param: Param;
  readonly resolution: Resolution;
  readonly owner: FunctionEntry;
  /** Whether every evaluation of the function reads it. */
  isRead: boolean;
  /** Ways to the other places that read it; `undefined` for none, as of nearly all. */
  uses: Via[] | undefined;
}

/** A name of the module or a builtin, as a lookup finds it. */
export type Entry = BuiltinEntry | FunctionEntry | AliasEntry | ImportEntry | BrokenEntry;

/** What a lookup in a function's scope finds. */
export type Found = Entry | ParamEntry | EffectEntry;

/** A name of the function's own `binds` clause: in scope, but without a value. */
export interface EffectEntry {
  readonly kind: 'effect';
  readonly name: string;
}

export interface BuiltinEntry {
  readonly kind: 'builtin';
  readonly name: string;
  readonly overloads: readonly Overload[];
}

/** A builtin of one kind, with what every call of it needs. */
export interface Overload {
  readonly builtin: Builtin;
  readonly resolution: Resolution;
  readonly parameters: readonly Parameter[];
  /** Which calls `values.ts` looks at. */
  readonly judged: 'always' | 'without arguments' | 'bound' | 'never';
}

/** A parameter of a builtin or of a function. */
export interface Parameter {
  readonly word: string;
  readonly param: {
    readonly name: string;
    readonly variadic: boolean;
    readonly field?: { readonly type: TypeWord } | undefined;
  };
  /** The function of the program that it belongs to. */
  readonly owner: FunctionEntry | undefined;
  /** Where an argument for it stands. */
  readonly place: ArgumentPlace;
}

export interface FunctionEntry {
  readonly kind: 'function';
  readonly name: string;
  readonly symbol: FunctionSymbol;
  readonly word: string;
  readonly resolution: Resolution;
  readonly params: readonly ParamEntry[];
  /** Names of its `binds` clause: in scope, without a value. */
  readonly effects: readonly string[];
  edges: Edge[];
}

export interface AliasEntry {
  readonly kind: 'alias';
  readonly name: string;
  readonly symbol: AliasSymbol;
  readonly closure: FunctionEntry;
  readonly resolution: Resolution;
}

export interface ImportEntry {
  readonly kind: 'import';
  readonly name: string;
  readonly symbol: ImportSymbol;
  edges: Edge[];
}

/** A name whose declaration has an error of its own: its uses are not reported again. */
export interface BrokenEntry {
  readonly kind: 'broken';
  readonly name: string;
  readonly ident: Ident;
}

/** What is evaluated as a whole: the body of a function, or the expression of an import. */
export type Unit = FunctionEntry | ImportEntry;

/** An evaluation of one unit (or of an alias, which evaluates its function) that may start another. */
export interface Edge {
  readonly to: FunctionEntry | AliasEntry | ImportEntry;
  readonly call: Call;
  readonly via: Via | undefined;
}

/** A place in an argument is evaluated only if the parameter that takes the argument is read: a list of these conditions. */
export interface Via {
  readonly callee: FunctionEntry;
  readonly index: number;
  readonly outer: Via | undefined;
}

/** A call of a builtin whose arguments are judged later. */
export interface ValueSite {
  readonly builtin: Builtin;
  readonly call: Call;
  readonly args: readonly Expr[];
  /** The call, where it is a statement. */
  readonly stmt: CallStmt | undefined;
  readonly unit: Unit;
  readonly via: Via | undefined;
  /** Whether a later statement replaces its value: then what is wrong with it does not keep anything from being built. */
  readonly dropped: boolean;
}

/** A call of a name of an import: checked when the imported module is known. */
export interface MemberSite {
  readonly import: ImportSymbol;
  readonly call: Call;
  readonly args: readonly Expr[];
  readonly list: ArgList | undefined;
  /** The call, where it is a statement. */
  readonly stmt: CallStmt | undefined;
  readonly place: Place | undefined;
  readonly scope: Scope;
}

/** What an error of evaluation hangs on. */
export interface EarlyFinding {
  readonly diagnostic: Diagnostic;
  readonly unit: Unit;
  readonly via: Via | undefined;
}

/** A type word that names no kind, and where that shows. */
export interface UnknownKind {
  readonly word: TypeWord;
  /** Filled when something must have this kind: then the word is an error, else a warning. */
  readonly clashes: (readonly { readonly span: Span; readonly message: string }[])[];
  /** Names of the calls in its block, to guess which kind was meant. */
  readonly callees: string[];
}

/** Where names are looked up: a function's parameters, or nothing but the module. */
export interface Scope {
  readonly unit: Unit;
  readonly params: readonly ParamEntry[];
  readonly effects: readonly string[];
}

/** All that the passes of one check read and write. */
export interface CheckState {
  readonly module: Module;
  readonly file: SourceFile;
  readonly diagnostics: Diagnostic[];
  readonly early: EarlyFinding[];
  readonly entries: Map<string, Entry>;
  readonly functions: FunctionEntry[];
  readonly imports: ImportEntry[];
  /** Functions and imports in the order of the program. */
  readonly units: Unit[];
  /** What the callee of each call was found to be. */
  readonly resolutions: CallMap<Resolution>;
  /** The kinds of bare `option` literals, which their place gives. */
  readonly placeKinds: Map<FuncLit, Kind>;
  /** The same of breakpoints, by the number of the call. */
  readonly breakpointKinds: Map<number, Kind>;
  readonly aliases: Map<CallStmt, readonly AliasSymbol[]>;
  readonly members: MemberSite[];
  /** Kinds that imported calls were found to have, by the number of the call. */
  readonly memberKinds: Map<number, Kind>;
  readonly sites: ValueSite[];
  readonly unknownKinds: Map<TypeWord, UnknownKind>;
  /** `with` clauses of calls that take no options. */
  readonly uselessWith: WithClause[];
  /** Those that were reported. */
  readonly refusedWith: Set<WithClause>;
  /** Words of declarations that could not be parsed: names that may have been meant to be declared. */
  readonly lostNames: ReadonlySet<string>;
  /** Whether something may be said of its place: not where the parser has complained. */
  isReadable: (found: Diagnostic) => boolean;
  /** Off while names are only looked up: nothing is reported. */
  reporting: boolean;
  /** Off where it is not known what is evaluated: no edges, uses and sites are kept. */
  recording: boolean;
  /** Off inside of a call with a wrong number of arguments: a wrong number in there is the same mistake. */
  countsMatter: boolean;
}

export function report(state: CheckState, found: Diagnostic): void {
  if (state.reporting) state.diagnostics.push(found);
}

export function at(state: CheckState, node: NodeRange): Span {
  return span(state.file, node.start, node.end);
}
