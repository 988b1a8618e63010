import type { Diagnostic } from '@hlb/diagnostics';
import type { LoadedModule } from './loaded-module.js';
import { cycle, type ImportPlace } from './problems.js';

/** Which modules import which, to keep them from waiting for each other in a circle. */
export class ModuleGraph {
  readonly #edges = new Map<string, Set<string>>();
  #closed = false;

  /** Notes that a module imports another. False where that closes a circle. */
  link(from: LoadedModule, to: LoadedModule): boolean {
    if (this.#reaches(to.identity, from.identity)) {
      this.#closed = true;
      return false;
    }
    const targets = this.#edges.get(from.identity);
    if (targets === undefined) this.#edges.set(from.identity, new Set([to.identity]));
    else targets.add(to.identity);
    return true;
  }

  /** The circles below a module. Which import was found to close one depends on what was read first; where it is shown does not. */
  cycles(root: LoadedModule): readonly Diagnostic[] {
    return this.#closed ? findCycles(root) : [];
  }

  #reaches(from: string, to: string): boolean {
    const met = new Set([from]);
    for (const identity of met) {
      if (identity === to) return true;
      for (const next of this.#edges.get(identity) ?? []) met.add(next);
    }
    return false;
  }
}

function findCycles(root: LoadedModule): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const done = new Set<string>();
  const path: {
    readonly module: LoadedModule;
    readonly rest: LoadedModule['checked']['imports'][number][];
    place?: ImportPlace;
  }[] = [{ module: root, rest: [...root.checked.imports] }];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const symbol = top.rest.shift();
    if (symbol === undefined) {
      done.add(top.module.identity);
      path.pop();
      continue;
    }
    const target = top.module.targets.get(symbol);
    if (target === undefined) continue;
    top.place = { file: top.module.file, symbol };
    const began = path.findIndex(({ module }) => module.identity === target.identity);
    if (began >= 0) found.push(cycle(path.slice(began).flatMap(({ place }) => (place === undefined ? [] : [place]))));
    else if (!done.has(target.identity)) path.push({ module: target, rest: [...target.checked.imports] });
  }
  return found;
}
