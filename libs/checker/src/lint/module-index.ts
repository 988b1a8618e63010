import type {
  Block,
  CallExpr,
  CallStmt,
  Comment,
  Decl,
  Expr,
  FieldList,
  FuncDecl,
  Heredoc,
  Node,
  RawHeredoc,
  StringLit,
  TypeWord,
  WithClause,
} from '@hlb/parser';
import { CallMap } from '../check/call-map.js';
import { argumentsOf } from '../check/calls/calls.js';
import type { CheckedModule, FunctionSymbol, Resolution } from '../checked.js';
import { kindOfWord } from '../kind.js';

/** A call, wherever it stands. */
export interface CallSite {
  readonly node: CallStmt | CallExpr;
  readonly resolution: Resolution | undefined;
  readonly args: readonly Expr[];
  /** The function that it stands in; absent in the expression of an import. */
  readonly func: FunctionSymbol | undefined;
}

/** A block with the statements in it, comments and newlines left out. */
export interface BlockSite {
  readonly block: Block;
  readonly kind: string | undefined;
  readonly statements: readonly CallSite[];
  readonly func: FunctionSymbol | undefined;
  /** Whether it is the body of `func`. */
  readonly isBody: boolean;
  /** The clause whose options it holds, and the call that they are for. */
  readonly options: { readonly clause: WithClause; readonly call: CallSite } | undefined;
}

/** A module's nodes by what rules ask for, collected in one walk. */
export interface ModuleIndex {
  readonly functions: readonly FunctionSymbol[];
  readonly calls: readonly CallSite[];
  /** The calls of builtins of these names, in order of place. */
  readonly callsOf: (...names: readonly string[]) => readonly CallSite[];
  readonly blocks: readonly BlockSite[];
  readonly typeWords: readonly TypeWord[];
  readonly texts: readonly (Heredoc | RawHeredoc | StringLit)[];
  readonly comments: readonly Comment[];
  /** The names of functions, imports and aliases that something in the module calls. */
  readonly usedNames: ReadonlySet<string>;
  readonly usedParams: ReadonlySet<object>;
  readonly siteOf: (node: CallStmt | CallExpr) => CallSite | undefined;
  readonly blockOf: (block: Block) => BlockSite | undefined;
}

export function indexModule(checked: CheckedModule): ModuleIndex {
  const indexing = new Indexing(checked);
  indexing.module();
  const { functions, calls, byBuiltin, blocks, typeWords, texts, comments, usedNames, usedParams } = indexing;
  return {
    functions,
    calls,
    callsOf: (...names) =>
      names.flatMap((name) => byBuiltin.get(name) ?? []).sort((a, b) => a.node.start - b.node.start),
    blocks,
    typeWords,
    texts,
    comments,
    usedNames,
    usedParams,
    siteOf: (node) => indexing.sites.get(node),
    blockOf: (block) => indexing.blockSites.get(block),
  };
}

type BlockOptions = BlockSite['options'];

/**
 * The index while the module is walked through, in order of place. The walk calls itself twice a level, and passes over the names and
 * texts that are most of a tree's nodes.
 */
class Indexing {
  readonly functions: FunctionSymbol[] = [];
  readonly calls: CallSite[] = [];
  readonly byBuiltin: Map<string, CallSite[]> = new Map();
  readonly blocks: BlockSite[] = [];
  readonly typeWords: TypeWord[] = [];
  readonly texts: (Heredoc | RawHeredoc | StringLit)[] = [];
  readonly comments: Comment[] = [];
  readonly usedNames: Set<string> = new Set();
  readonly usedParams: Set<object> = new Set();
  readonly sites: CallMap<CallSite> = new CallMap();
  readonly blockSites: Map<Block, BlockSite> = new Map();
  readonly #checked: CheckedModule;
  #func: FunctionSymbol | undefined;

  constructor(checked: CheckedModule) {
    this.#checked = checked;
    for (const symbol of checked.symbols.values()) if (symbol.kind === 'function') this.functions.push(symbol);
  }

  module(): void {
    const byDecl = new Map<Decl, FunctionSymbol>(this.functions.map((symbol) => [symbol.decl, symbol]));
    for (const decl of this.#checked.module.decls) {
      this.#func = byDecl.get(decl);
      if (decl.kind === 'comment') this.comments.push(decl);
      else if (decl.kind === 'import') this.#expr(decl.expr, undefined);
      else if (decl.kind === 'func') this.#function(decl);
    }
  }

  #function(decl: FuncDecl): void {
    this.typeWords.push(decl.type);
    this.#fields(decl.params);
    if (decl.effects !== undefined) this.#fields(decl.effects);
    if (decl.body !== undefined) this.#block(decl.body, kindOfWord(decl.type.text), true, undefined);
  }

  #fields(list: FieldList): void {
    for (const item of list.items) {
      if (item.kind === 'comment') this.comments.push(item);
      else if (item.kind === 'field') this.typeWords.push(item.type);
    }
  }

  #block(block: Block, kind: string | undefined, isBody: boolean, options: BlockOptions): void {
    const statements: CallSite[] = [];
    const site: BlockSite = { block, kind, statements, func: this.#func, isBody, options };
    this.blocks.push(site);
    this.blockSites.set(block, site);
    for (const item of block.items) {
      if (item.kind === 'call-stmt') {
        const call = this.#call(item, item.args);
        statements.push(call);
        for (const arg of item.args) this.#expr(arg, undefined);
        if (item.with !== undefined) this.#expr(item.with.expr, { clause: item.with, call });
        if (item.bind?.target?.kind === 'bind-list') this.#comments(item.bind.target.items);
      } else if (item.kind === 'comment') this.comments.push(item);
      else if (item.kind === 'expr-stmt') this.#expr(item.expr, undefined);
    }
  }

  /** @param options what an expression behind `with` is for */
  #expr(expr: Expr, options: BlockOptions): void {
    switch (expr.kind) {
      case 'func-lit':
        this.typeWords.push(expr.type);
        this.#block(expr.body, this.#checked.literalKind(expr), false, options);
        return;
      case 'call':
        this.#call(expr, argumentsOf(expr.args));
        if (expr.args === undefined) return;
        for (const item of expr.args.items) {
          if (item.kind === 'comment') this.comments.push(item);
          else if (item.kind !== 'newline') this.#expr(item, undefined);
        }
        return;
      case 'string':
      case 'heredoc':
        this.texts.push(expr);
        if (expr.kind === 'string' && expr.plain !== undefined) return;
        for (const part of expr.fragments) {
          if (part.kind === 'interpolation' && part.expr !== undefined) this.#expr(part.expr, undefined);
        }
        return;
      case 'raw-heredoc':
        this.texts.push(expr);
        return;
      default:
    }
  }

  #comments(items: readonly Node[]): void {
    for (const item of items) if (item.kind === 'comment') this.comments.push(item);
  }

  #call(node: CallStmt | CallExpr, args: readonly Expr[]): CallSite {
    const resolution = this.#checked.resolve(node);
    const site: CallSite = { node, resolution, args, func: this.#func };
    this.calls.push(site);
    this.sites.set(node, site);
    if (resolution?.kind === 'builtin') {
      const { name } = resolution.builtin;
      const others = this.byBuiltin.get(name);
      if (others === undefined) this.byBuiltin.set(name, [site]);
      else others.push(site);
    } else noteUse(resolution, this.usedNames, this.usedParams);
    return site;
  }
}

function noteUse(resolution: Resolution | undefined, usedNames: Set<string>, usedParams: Set<object>): void {
  switch (resolution?.kind) {
    case 'function':
      usedNames.add(resolution.symbol.name);
      return;
    case 'alias':
      usedNames.add(resolution.symbol.name);
      // Using what is bound in a function is using the function.
      usedNames.add(resolution.symbol.closure.name);
      return;
    case 'member':
      usedNames.add(resolution.import.name);
      return;
    case 'param':
      usedParams.add(resolution.param);
      return;
    default:
  }
}

/** Whether a call is one of this builtin. */
export function isBuiltinCall(site: CallSite, name: string, kind?: string): boolean {
  return (
    site.resolution?.kind === 'builtin' &&
    site.resolution.builtin.name === name &&
    (kind === undefined || site.resolution.builtin.kind === kind)
  );
}

/** The calls that give the options of a statement: those in its literal, or the one after `with`. */
export function optionsOf({ node }: CallSite): readonly (CallStmt | CallExpr)[] {
  const options = node.kind === 'call-stmt' ? node.with?.expr : undefined;
  if (options?.kind === 'call') return [options];
  return options?.kind === 'func-lit' ? options.body.items.filter((item) => item.kind === 'call-stmt') : [];
}
