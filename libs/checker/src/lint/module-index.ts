import type {
  Block,
  CallExpr,
  CallStmt,
  Comment,
  Expr,
  Heredoc,
  Node,
  RawHeredoc,
  StringLit,
  TypeWord,
  WithClause,
} from '@hlb/parser';
import { visit } from '@hlb/parser';
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
  const functions: FunctionSymbol[] = [];
  const calls: CallSite[] = [];
  const blocks: BlockSite[] = [];
  const typeWords: TypeWord[] = [];
  const texts: (Heredoc | RawHeredoc | StringLit)[] = [];
  const comments: Comment[] = [];
  const usedNames = new Set<string>();
  const usedParams = new Set<object>();
  const sites = new Map<CallStmt | CallExpr, CallSite>();
  const blockSites = new Map<Block, BlockSite>();
  for (const symbol of checked.symbols.values()) if (symbol.kind === 'function') functions.push(symbol);
  const byDecl = new Map(functions.map((symbol) => [symbol.decl, symbol]));
  let func: FunctionSymbol | undefined;
  visit(checked.module, {
    enter(node, ancestors) {
      switch (node.kind) {
        case 'func':
          func = byDecl.get(node);
          break;
        case 'import':
          func = undefined;
          break;
        case 'call':
        case 'call-stmt': {
          const resolution = checked.resolve(node.callee);
          const args = node.kind === 'call' ? argumentsOf(node.args) : node.args;
          const site = { node, resolution, args, func };
          calls.push(site);
          sites.set(node, site);
          noteUse(resolution, usedNames, usedParams);
          break;
        }
        case 'block':
          noteBlock(node, ancestors);
          break;
        case 'type':
          typeWords.push(node);
          break;
        case 'string':
        case 'heredoc':
        case 'raw-heredoc':
          texts.push(node);
          break;
        case 'comment':
          comments.push(node);
          break;
        default:
      }
      return true;
    },
    leave(node) {
      if (node.kind !== 'block') return;
      // Statements are known once the block has been walked through.
      const site = blockSites.get(node);
      if (site === undefined) return;
      const statements = node.items.flatMap((item) => {
        const found = item.kind === 'call-stmt' ? sites.get(item) : undefined;
        return found === undefined ? [] : [found];
      });
      const done: BlockSite = { ...site, statements };
      blockSites.set(node, done);
      blocks.push(done);
    },
  });
  function noteBlock(block: Block, ancestors: readonly Node[]): void {
    const parent = ancestors.at(-1);
    const clause = ancestors.at(-2);
    const call = ancestors.at(-3);
    const kind =
      parent?.kind === 'func-lit'
        ? checked.literalKind(parent)
        : parent?.kind === 'func'
          ? kindOfWord(parent.type.text)
          : undefined;
    const callSite = call?.kind === 'call-stmt' ? sites.get(call) : undefined;
    const options = clause?.kind === 'with' && callSite !== undefined ? { clause, call: callSite } : undefined;
    blockSites.set(block, { block, kind, statements: [], func, isBody: parent?.kind === 'func', options });
  }
  return {
    functions,
    calls,
    blocks,
    typeWords,
    texts,
    comments,
    usedNames,
    usedParams,
    siteOf: (node) => sites.get(node),
    blockOf: (block) => blockSites.get(block),
  };
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
