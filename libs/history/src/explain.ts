import { compareFileLists, type FileChanges } from './file-list.js';
import { matchSteps } from './match-steps.js';
import type { RememberedBuild, RunRecord, StepRecord } from './record.js';

/** Why a step was not taken from the cache. Texts may have hidden words; `shownText` makes them fit to be shown. */
export type Reason =
  /** No build of the target is kept from before. */
  | { readonly kind: 'first-build' }
  /** The build before had no such step. */
  | { readonly kind: 'new-step' }
  | { readonly kind: 'ignore-cache' }
  | { readonly kind: 'command'; readonly before: string; readonly after: string }
  /** Something else that the program says: `env NAME`, `dir`, `mount /src`, `copy` … `undefined` where it was not, or is not any more. */
  | { readonly kind: 'setting'; readonly name: string; readonly before?: string; readonly after?: string }
  | ({ readonly kind: 'files'; readonly directory: string } & FileChanges)
  /** What was sent of a directory is not known of both builds. */
  | { readonly kind: 'files-unknown'; readonly directory: string }
  | { readonly kind: 'image'; readonly image: string; readonly before: string; readonly after: string }
  /** Another step ran as well: its place among the explained steps, and those of the steps with which it began. */
  | { readonly kind: 'input'; readonly step: number; readonly causes: readonly number[] }
  /** The build before did not get as far. */
  | { readonly kind: 'not-built-before'; readonly outcome: RunRecord['outcome'] }
  | { readonly kind: 'other-engine'; readonly before: string; readonly after: string }
  /** Nothing changed: the engine did not have its result any more. */
  | { readonly kind: 'not-in-cache' };

/** A step that was not cached. */
export interface ExplainedStep {
  readonly name: string;
  readonly place?: string;
  readonly state: 'ran' | 'failed' | 'cancelled';
  readonly reasons: readonly Reason[];
  /** Places of the explained steps with which it began: its own, where it has a reason of its own. */
  readonly causes: readonly number[];
}

/** Why the steps of a build ran. */
export interface Explanation {
  readonly run: Pick<RunRecord, 'time' | 'outcome' | 'engine'>;
  readonly before?: Pick<RunRecord, 'time' | 'outcome' | 'engine'>;
  /** Steps that came from the cache; what only names a source is no step. */
  readonly cached: number;
  /** Each after those that it follows from. */
  readonly steps: readonly ExplainedStep[];
}

/** Compares a build with the one before it. */
export function explainBuild(build: RememberedBuild, before?: RememberedBuild): Explanation {
  return new Comparison(build, before).explain();
}

class Comparison {
  readonly #build: RememberedBuild;
  readonly #before: RememberedBuild | undefined;
  readonly #matches: ReadonlyMap<number, number>;
  readonly #steps: ExplainedStep[] = [];
  /** Places of explained steps by those of the graph. */
  readonly #explained = new Map<number, number>();

  constructor(build: RememberedBuild, before: RememberedBuild | undefined) {
    this.#build = build;
    this.#before = before;
    this.#matches = before === undefined ? new Map() : matchSteps(build.steps, before.steps);
  }

  explain(): Explanation {
    const { run, steps } = this.#build;
    for (const [place, step] of steps.entries()) {
      const state = run.states[place];
      if (step.kind === 'source' || state === undefined || state === 'cached' || state === 'none') continue;
      const reasons = this.#reasons(place, step);
      const own = reasons.some(({ kind }) => kind !== 'input');
      const causes = reasons.flatMap((reason) => (reason.kind === 'input' ? reason.causes : []));
      const number = this.#steps.length;
      this.#explained.set(place, number);
      this.#steps.push({
        name: step.name,
        ...(step.place === undefined ? {} : { place: step.place }),
        state,
        reasons,
        causes: [...new Set(own ? [number, ...causes] : causes)],
      });
    }
    const { time, outcome, engine } = run;
    const earlier = this.#before?.run;
    return {
      run: { time, outcome, engine },
      ...(earlier === undefined
        ? {}
        : { before: { time: earlier.time, outcome: earlier.outcome, engine: earlier.engine } }),
      cached: run.states.filter((state, place) => state === 'cached' && steps[place]?.kind !== 'source').length,
      steps: this.#steps,
    };
  }

  #reasons(place: number, step: StepRecord): readonly Reason[] {
    if (this.#before === undefined) return [{ kind: 'first-build' }];
    const ignored: Reason[] = step.ignoreCache === true ? [{ kind: 'ignore-cache' }] : [];
    const was = this.#matches.get(place);
    const earlier = was === undefined ? undefined : this.#before.steps[was];
    const own = earlier === undefined ? [{ kind: 'new-step' } as const] : changedFacts(step, earlier);
    const found = [
      ...ignored,
      ...own,
      ...step.inputs.flatMap((input) => this.#ofInput(input).map((reason) => readBy(step, reason))),
    ];
    if (found.some(({ kind }) => kind !== 'files-unknown')) return found;
    return [this.#withoutChange(was), ...found];
  }

  /** How an input differs: a source by itself, another step by what is told of it. */
  #ofInput(input: number): readonly Reason[] {
    const step = this.#build.steps[input];
    if (step === undefined) return [];
    const explained = this.#explained.get(input);
    if (explained !== undefined) {
      return [{ kind: 'input', step: explained, causes: this.#steps[explained]?.causes ?? [] }];
    }
    const was = this.#matches.get(input);
    const earlier = was === undefined ? undefined : this.#before?.steps[was];
    if (step.kind === 'source') {
      if (earlier === undefined) return [{ kind: 'setting', name: factOf(step).name, after: factOf(step).text }];
      return [...changedFacts(step, earlier), ...this.#changedFiles(input, was, step)];
    }
    if (step.digest === earlier?.digest) return [];
    // It came from the cache, though it is another one than in the build before: what is below it tells.
    const below = step.inputs.flatMap((one) => this.#ofInput(one));
    return earlier === undefined ? below : [...changedFacts(step, earlier), ...below];
  }

  #changedFiles(place: number, was: number | undefined, step: StepRecord): readonly Reason[] {
    const directory = step.facts.find(([name]) => name === 'local')?.[1];
    if (directory === undefined || was === undefined || this.#before === undefined) return [];
    const name = this.#build.run.files[String(place)];
    const earlierName = this.#before.run.files[String(was)];
    if (name !== undefined && name === earlierName) return [];
    const list = name === undefined ? undefined : this.#build.lists.get(name);
    const earlier = earlierName === undefined ? undefined : this.#before.lists.get(earlierName);
    if (list === undefined || earlier === undefined) return [{ kind: 'files-unknown', directory }];
    return [{ kind: 'files', directory, ...compareFileLists(earlier, list) }];
  }

  #withoutChange(was: number | undefined): Reason {
    const run = this.#before?.run;
    const state = was === undefined ? undefined : run?.states[was];
    if (
      run !== undefined &&
      (state === 'failed' || state === 'cancelled' || (state === 'none' && run.outcome !== 'done'))
    ) {
      return { kind: 'not-built-before', outcome: run.outcome };
    }
    const { engine } = this.#build.run;
    if (run !== undefined && run.engine !== engine) return { kind: 'other-engine', before: run.engine, after: engine };
    return { kind: 'not-in-cache' };
  }
}

/** What two ops say differently, in the order in which they say it. */
function changedFacts(step: StepRecord, before: StepRecord): readonly Reason[] {
  if (step.own === before.own) return [];
  const now = textsOf(step);
  const then = textsOf(before);
  const [hashes, earlier] = [hashesOf(step), hashesOf(before)];
  const reasons: Reason[] = [];
  for (const name of new Set([...then.keys(), ...now.keys()])) {
    // The texts may differ only in what of them may be shown.
    if (hashes.get(name) === earlier.get(name)) continue;
    const [was, is] = [then.get(name), now.get(name)];
    if (name === 'command' && was !== undefined && is !== undefined) {
      reasons.push({ kind: 'command', before: was, after: is });
    } else if (name === 'digest' && was !== undefined && is !== undefined && now.get('image') === then.get('image')) {
      reasons.push({ kind: 'image', image: now.get('image') ?? '', before: was, after: is });
    } else {
      reasons.push({
        ...{ kind: 'setting', name },
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      });
    }
  }
  const images = reasons.some((reason) => reason.kind === 'setting' && reason.name === 'image');
  const told = images ? reasons.filter((reason) => reason.kind !== 'setting' || reason.name !== 'digest') : reasons;
  // That it is run in every build is a reason of its own.
  return told.length > 0 || step.ignoreCache === true ? told : [{ kind: 'setting', name: 'options' }];
}

/** Of the files that changed those that the step reads, where it says which, and any of them are. */
function readBy(step: StepRecord, reason: Reason): Reason {
  const copied = step.facts.find(([name]) => name === 'copy')?.[1].split(' ')[0];
  if (reason.kind !== 'files' || copied === undefined || /[\u2039*?[]/.test(copied)) return reason;
  const path = copied.replace(/^\/+|\/+$/g, '');
  if (path === '' || path === '.') return reason;
  const below = (one: string): boolean => one === path || one.startsWith(`${path}/`);
  const { added, changed, removed } = reason;
  if (![...added, ...changed, ...removed].some(below)) return reason;
  return { ...reason, added: added.filter(below), changed: changed.filter(below), removed: removed.filter(below) };
}

function textsOf({ facts }: StepRecord): ReadonlyMap<string, string> {
  return new Map(facts.map(([name, text]) => [name, text]));
}

function hashesOf({ facts }: StepRecord): ReadonlyMap<string, string> {
  return new Map(facts.map(([name, , hash]) => [name, hash]));
}

function factOf({ facts, kind }: StepRecord): { readonly name: string; readonly text: string } {
  const [name = kind, text = ''] = facts[0] ?? [];
  return { name, text };
}
