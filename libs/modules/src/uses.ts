import type { CheckedModule, ImportSymbol } from '@hlb/checker';
import { type Node, visit } from '@hlb/parser';

/** The imports that something uses, each with the names that it takes from it. */
export type Uses = ReadonlyMap<ImportSymbol, ReadonlySet<string>>;

/**
 * The imports that evaluating some names of a module may need, however deep below them. Arguments that nothing reads count too: what is
 * given to a function of another module is known only when that is loaded.
 */
export function usesOf(checked: CheckedModule, names: Iterable<string>): Uses {
  const search = new Search(checked);
  for (const name of names) search.name(name);
  return search.finish();
}

/** The imports that evaluating an expression of a module may need. */
export function usesOfExpression(checked: CheckedModule, expr: Node): Uses {
  const search = new Search(checked);
  search.tree(expr, noNames);
  return search.finish();
}

/** All imports of a module, with all that any of its functions takes from them. */
export function allUses(checked: CheckedModule): Uses {
  const search = new Search(checked);
  for (const name of checked.symbols.keys()) search.name(name);
  for (const symbol of checked.imports) search.tree(symbol.decl.expr, noNames);
  for (const symbol of checked.imports) search.import(symbol);
  return search.finish();
}

/** Whether something in a tree may be a local. */
export function callsLocal(root: Node): boolean {
  let found = false;
  visit(root, {
    enter: (node) => {
      if (node.kind === 'ident-expr' && node.member === undefined && node.ident.text === 'local') found = true;
      return undefined;
    },
  });
  return found;
}

const noNames: ReadonlySet<string> = new Set();

class Search {
  readonly #checked: CheckedModule;
  readonly #found = new Map<ImportSymbol, Set<string>>();
  readonly #met = new Set<string>();
  readonly #open: string[] = [];

  constructor(checked: CheckedModule) {
    this.#checked = checked;
  }

  name(name: string): void {
    if (this.#met.has(name)) return;
    this.#met.add(name);
    this.#open.push(name);
  }

  import(symbol: ImportSymbol): Set<string> {
    let members = this.#found.get(symbol);
    if (members === undefined) {
      members = new Set();
      this.#found.set(symbol, members);
    }
    return members;
  }

  /** Everything that a tree calls; names of `hidden` are parameters. */
  tree(root: Node, hidden: ReadonlySet<string>): void {
    visit(root, {
      enter: (node) => {
        if (node.kind !== 'ident-expr') return undefined;
        const { ident, member } = node;
        const symbol = this.#checked.symbols.get(ident.text);
        if (member !== undefined) {
          if (symbol?.kind === 'import' && member.text !== '') this.import(symbol).add(member.text);
        } else if (!hidden.has(ident.text)) this.name(ident.text);
        return false;
      },
    });
  }

  finish(): Uses {
    for (let name = this.#open.pop(); name !== undefined; name = this.#open.pop()) {
      const symbol = this.#checked.symbols.get(name);
      if (symbol?.kind === 'alias') this.name(symbol.closure.name);
      else if (symbol?.kind === 'function' && symbol.decl.body !== undefined) {
        this.tree(symbol.decl.body, new Set(symbol.params.map((param) => param.name)));
      }
    }
    return this.#found;
  }
}
