import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import type {
  BindClause,
  BindItem,
  Call,
  CallStmt,
  Expr,
  Field,
  FuncDecl,
  FuncLit,
  Ident,
  ImportDecl,
  Module,
} from '@hlb/parser';
import type { Builtin } from './builtins/builtin.js';
import type { Kind } from './kind.js';

/** What a name of a module's table stands for. */
export type ModuleSymbol = FunctionSymbol | ImportSymbol | AliasSymbol;

export interface FunctionSymbol {
  readonly kind: 'function';
  readonly name: string;
  readonly decl: FuncDecl;
  /** The kind that it yields; `undefined` where its type word is none. `group` has become `pipeline` here. */
  readonly type: Kind | undefined;
  readonly params: readonly Param[];
  readonly exported: boolean;
}

export interface Param {
  readonly name: string;
  readonly type: Kind | undefined;
  /** Whether it takes any number of arguments: declared so, and the last. */
  readonly variadic: boolean;
  readonly field: Field;
}

export interface ImportSymbol {
  readonly kind: 'import';
  readonly name: string;
  readonly decl: ImportDecl;
  readonly exported: boolean;
}

/** A name bound by `as`: a function with the parameters of the function around the bind, and the kind of the bound effect. */
export interface AliasSymbol {
  readonly kind: 'alias';
  readonly name: string;
  /** The name as bound. */
  readonly ident: Ident;
  readonly type: Kind;
  /** The effect of the callee that it takes: `target`, `digest`, … */
  readonly effect: string;
  readonly bind: BindClause;
  /** The call that carries the `as`; in an option block it is the option's call (`mount`). */
  readonly call: CallStmt;
  /** The function in whose body the bind stands. */
  readonly closure: FunctionSymbol;
  readonly item: BindItem | undefined;
  readonly exported: boolean;
}

/** What a callee's name was found to be. */
export type Resolution =
  | { readonly kind: 'builtin'; readonly builtin: Builtin }
  | { readonly kind: 'function'; readonly symbol: FunctionSymbol }
  | { readonly kind: 'alias'; readonly symbol: AliasSymbol }
  | { readonly kind: 'param'; readonly param: Param; readonly index: number }
  /** `module.name`: found when the module has been loaded. */
  | { readonly kind: 'member'; readonly import: ImportSymbol; readonly member: Ident }
  /** A call named `breakpoint`: gives what came in. */
  | { readonly kind: 'breakpoint' };

/** A module after the checker: what every name in it means. */
export interface CheckedModule {
  readonly module: Module;
  readonly file: SourceFile;
  /** Functions, imports and aliases by name; of names declared twice the first. */
  readonly symbols: ReadonlyMap<string, ModuleSymbol>;
  readonly imports: readonly ImportSymbol[];
  /** What the callee of a call is; `undefined` for one with an error. */
  resolve(call: Pick<Call, 'number'>): Resolution | undefined;
  /** The kind that a function literal's block has: its type word, or for a bare `option` the one that its place gives. */
  literalKind(literal: FuncLit): Kind | undefined;
  /** The kind that an expression yields where it stands (a parameter's kind decides between overloads). */
  exprKind(expr: Expr): Kind | undefined;
  /** The names bound by an `as` clause of this call. */
  aliasesOf(call: CallStmt): readonly AliasSymbol[];
  /** What is wrong with the module, whatever of it is used. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * What evaluating would refuse, where the text alone shows it: a digest that is none, functions that call themselves. It
   * stops only what comes to evaluate it, so a program may hold such a function and never use it.
   */
  readonly early: readonly Diagnostic[];
  /** The errors that keep these targets from being built: of `diagnostics` all, of `early` those that evaluating the targets meets. */
  blocking(targets: readonly string[]): readonly Diagnostic[];
}

/** What importers see of a module. */
export interface ModuleInterface {
  readonly file: SourceFile;
  readonly exports: ReadonlyMap<string, FunctionSymbol | AliasSymbol>;
  /** Every name of the module, so that an unexported one can be told from an unknown one. */
  readonly names: ReadonlyMap<string, ModuleSymbol>;
}
