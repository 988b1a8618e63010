import { type Diagnostic, diagnostic, nearest } from '@hlb/diagnostics';
import type { PassUse } from './pass.js';

export interface PassOrder {
  readonly order: readonly PassUse[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Brings passes into an order in which each stands after what it needs and between what it names. Where nothing asks for another
 * order, that of the list stays; a pass from outside stands right beside the passes that it names.
 *
 * @param known Names of passes that exist and don't run: naming them in `after` or `before` is no mistake.
 */
export function orderPasses(uses: readonly PassUse[], known: readonly string[] = []): PassOrder {
  const diagnostics: Diagnostic[] = [];
  const byName = new Map<string, PassUse>();
  for (const use of uses) {
    const { name } = use.pass;
    if (byName.has(name)) {
      diagnostics.push(diagnostic('HLB0612', { message: `there are two passes of the name ${name}` }));
    }
    byName.set(name, use);
  }
  const exists = new Set([...byName.keys(), ...known]);
  const earlier = new Map<PassUse, Set<PassUse>>(uses.map((use) => [use, new Set()]));
  const link = (before: PassUse | undefined, after: PassUse | undefined): void => {
    if (before !== undefined && after !== undefined) earlier.get(after)?.add(before);
  };
  for (const use of uses) {
    const { pass } = use;
    for (const name of pass.needs ?? []) {
      if (!byName.has(name)) diagnostics.push(missing(use, name, exists));
      link(byName.get(name), use);
    }
    for (const name of placesAfter(use)) {
      if (!exists.has(name)) diagnostics.push(unknown(use, 'after', name, exists));
      link(byName.get(name), use);
    }
    for (const name of placesBefore(use)) {
      if (!exists.has(name)) diagnostics.push(unknown(use, 'before', name, exists));
      link(use, byName.get(name));
    }
  }
  let told = false;
  const order = arrange(uses, earlier, (cycle) => {
    // One circle is enough to know: the others are mostly the same by other ways.
    if (told) return;
    told = true;
    diagnostics.push(
      diagnostic('HLB0611', {
        message: `the passes can't be ordered: each of them must run before the next: ${cycle.join(', ')}`,
      }),
    );
  });
  return { order, diagnostics };
}

/**
 * Goes through the list and puts before each pass all that must stand there, and after it those from outside that were only
 * waiting for it.
 */
function arrange(
  uses: readonly PassUse[],
  earlier: ReadonlyMap<PassUse, ReadonlySet<PassUse>>,
  onCycle: (names: readonly string[]) => void,
): readonly PassUse[] {
  const order: PassUse[] = [];
  const placed = new Set<PassUse>();
  const path: PassUse[] = [];
  const place = (use: PassUse): void => {
    if (placed.has(use)) return;
    const start = path.indexOf(use);
    if (start !== -1) {
      onCycle([use, ...path.slice(start + 1).reverse(), use].map(({ pass }) => pass.name));
      return;
    }
    path.push(use);
    for (const other of earlier.get(use) ?? []) place(other);
    path.pop();
    if (placed.has(use)) return;
    placed.add(use);
    order.push(use);
    for (const other of uses) {
      const waits = earlier.get(other);
      if (other.outside === true && waits?.has(use) && [...waits].every((each) => placed.has(each))) place(other);
    }
  };
  for (const use of uses) {
    // A pass from outside that names others waits for them, so that it stands beside them and not at its place in the list.
    if (use.outside !== true || (earlier.get(use)?.size ?? 0) === 0) place(use);
  }
  for (const use of uses) place(use);
  return order;
}

function placesAfter({ pass, after }: PassUse): readonly string[] {
  return [...(pass.after ?? []), ...(after ?? [])];
}

function placesBefore({ pass, before }: PassUse): readonly string[] {
  return [...(pass.before ?? []), ...(before ?? [])];
}

function missing({ pass }: PassUse, name: string, exists: ReadonlySet<string>): Diagnostic {
  return exists.has(name)
    ? diagnostic('HLB0614', { message: `the pass ${pass.name} needs ${name}, which does not run` })
    : unknown({ pass }, 'needs', name, exists);
}

function unknown({ pass }: PassUse, role: string, name: string, exists: ReadonlySet<string>): Diagnostic {
  const verb = role === 'needs' ? 'needs' : `stands ${role}`;
  const others = [...exists].filter((other) => other !== pass.name);
  const near = nearest(name, others);
  return diagnostic('HLB0610', {
    message: `the pass ${pass.name} ${verb} ${name}, but there is no such pass`,
    notes: [`passes: ${others.join(', ')}`],
    helps: near === undefined ? [] : [`did you mean ${near}?`],
  });
}
