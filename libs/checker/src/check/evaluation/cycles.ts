import { diagnostic, type Span } from '@hlb/diagnostics';
import { type AliasEntry, at, type CheckState, type Edge, type Unit } from '../state.js';
import { type Evaluated, isEvaluated } from './reach.js';

/** A step of a circle: the unit that evaluates, and the call by which it does. */
interface Step {
  readonly from: Unit;
  readonly edge: Edge;
}

/** Calls that a message about a circle shows. */
const MOST_STEPS = 8;

/**
 * Finds functions that evaluate themselves. There are no conditions in the language, so such an evaluation never ends. Each
 * circle is reported once, at the call that closes it.
 */
export function checkCycles(state: CheckState, evaluated: Evaluated): void {
  const search: Search = { path: [], places: new Map() };
  for (const start of [...state.functions, ...state.imports]) {
    if (!search.places.has(start)) searchFrom(state, evaluated, start, search);
  }
}

interface Search {
  /** The units that are being searched, outermost first. */
  readonly path: { readonly unit: Unit; next: number; edge: Edge | undefined }[];
  /** Of each unit that was met its place among these, or `DONE`. */
  readonly places: Map<Unit, number>;
}

/** The place of what was searched. */
const DONE = -1;

/** Depth first without recursion: chains of calls may be as long as the program. */
function searchFrom(state: CheckState, evaluated: Evaluated, start: Unit, { path, places }: Search): void {
  path.push({ unit: start, next: 0, edge: undefined });
  places.set(start, 0);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const edge = top.unit.edges[top.next];
    if (edge === undefined) {
      path.pop();
      places.set(top.unit, DONE);
      continue;
    }
    top.next += 1;
    const to = unitOf(edge.to);
    if (!isEvaluated(evaluated, edge.via)) continue;
    top.edge = edge;
    const began = places.get(to);
    if (began === DONE) continue;
    if (began !== undefined) {
      const steps = path.slice(began).flatMap((s) => (s.edge === undefined ? [] : [{ from: s.unit, edge: s.edge }]));
      reportCycle(state, steps);
    } else {
      places.set(to, path.length);
      path.push({ unit: to, next: 0, edge: undefined });
    }
  }
}

/** What evaluating a name evaluates: of an alias, the function around its bind. */
export function unitOf(entry: Edge['to']): Unit {
  return entry.kind === 'alias' ? entry.closure : entry;
}

function reportCycle(state: CheckState, steps: readonly Step[]): void {
  const last = steps.at(-1);
  if (last === undefined) return;
  const here = at(state, last.edge.call.callee);
  const [first, ...others] = steps.slice(0, -1);
  const names = [steps[0]?.from.name ?? '', ...steps.map((step) => step.edge.to.name)];
  const related: { span: Span; message: string }[] = [];
  if (first !== undefined) related.push({ span: at(state, first.edge.call.callee), message: callText(first) });
  for (const step of others.slice(0, MOST_STEPS)) {
    related.push({ span: at(state, step.edge.call.callee), message: callText(step) });
  }
  state.early.push({
    unit: last.from,
    via: last.edge.via,
    diagnostic: diagnostic('HLB0503', {
      message: messageOf(last, names),
      at: here,
      label: steps.length === 1 ? ownCall(last.edge) : callText(last),
      related,
      notes:
        steps.length === 1
          ? []
          : [
              `The circle is ${shortened(names)
                .map((n) => `\`${n}\``)
                .join(' → ')}.`,
            ],
      helps: ['HLB has no conditions, so a function that reaches itself can never stop.'],
    }),
  });
}

function messageOf({ edge }: Step, names: readonly string[]): string {
  const [name] = names;
  if (names.length > 2) return `\`${name}\` ends up calling itself, and would never come to an end`;
  if (edge.to.kind !== 'alias') return `\`${name}\` calls itself, and would never come to an end`;
  return `\`${edge.to.name}\` is made by \`${name}\`, which needs it before that`;
}

function shortened(names: readonly string[]): readonly string[] {
  return names.length > 12 ? [...names.slice(0, 6), '…', ...names.slice(-5)] : names;
}

function callText(step: Step): string {
  const { edge, from } = step;
  if (edge.to.kind === 'alias') return `${from.name} needs ${edge.to.name}, which is made by ${ofAlias(edge.to)}`;
  return `${from.name} calls ${edge.to.name}`;
}

function ownCall(edge: Edge): string {
  if (edge.to.kind === 'alias') return `needed to make \`${edge.to.name}\` itself`;
  return 'calls the function that it stands in';
}

function ofAlias(alias: AliasEntry): string {
  return alias.closure.name;
}
