import { type Attributes, type CacheEntry, hasClassicStore } from '@hlb/buildkit';
import type { Definition } from '@hlb/llb';
import {
  type OutputStep,
  type Plan,
  resolveLater,
  type SolveStep,
  type Step,
  type StepId,
  type StepResults,
  stepId,
} from '@hlb/plan';
import { SolveError, type SolveEvent } from '../events/events.js';
import type { Build } from '../session/build.js';
import { askedExport, enterExports, exportedDirectory } from './local-caches.js';
import { TogetherExport } from './together-export.js';

/**
 * The exports of caches of a build. A cache holds what one solve of the engine gave, and another export to the same place replaces it.
 * So where a plan has one solve, that exports it; where it has several, one more build on the engine takes part in all of them, and
 * exports what they gave together when all are done. An inline cache goes with each image.
 */
export class CacheExports {
  readonly #build: Build;
  readonly #emit: (event: SolveEvent) => void;
  readonly #signal: AbortSignal;
  readonly #entries: readonly CacheEntry[];
  readonly #inline: readonly CacheEntry[];
  readonly #direct: boolean;
  /** What the steps are allowed, as far as it is known. */
  readonly #entitlements: Set<string>;
  /** What steps solve that are exported together. */
  readonly #included = new Map<StepId, readonly Definition[]>();
  /** One step after the other is taken in. */
  #turn: Promise<void> = Promise.resolve();
  #together: readonly TogetherExport[] | undefined;

  constructor(plan: Plan, build: Build, emit: (event: SolveEvent) => void, signal: AbortSignal) {
    this.#build = build;
    this.#signal = signal;
    this.#emit = emit;
    const all = build.settings.cacheExports ?? [];
    this.#entries = all.filter(({ type }) => type !== 'inline');
    this.#inline = all.filter(({ type }) => type === 'inline');
    const solves = plan.steps.filter(isSolve);
    // Answers don't say which of several exports they are about, and a directory's index must name its own.
    const directories = this.#entries.filter((entry) => exportedDirectory(entry) !== undefined);
    const requests = solves.map((step) => (step.kind === 'output' ? step.outputs.length : 1));
    this.#direct = requests.length === 1 && requests[0] === 1 && directories.length < 2;
    this.#entitlements = new Set(solves.flatMap(({ entitlements }) => entitlements));
    if (solves.length > 0) requireExporters(build, all);
  }

  /** What a step's own request exports. */
  own(step: Step): readonly CacheEntry[] {
    const image = step.kind === 'output' && step.outputs.some(({ kind }) => kind !== 'directory' && kind !== 'tar');
    return [...(this.#direct ? this.#entries.map(askedExport) : []), ...(image ? this.#inline : [])];
  }

  /** Takes in the answer to a step's own request. */
  async exported(response: Attributes): Promise<void> {
    if (this.#direct) await enterExports(this.#entries, response);
  }

  /**
   * Lets what is exported at the end hold on to what a step solves, while the step solves it: so nothing of it is done twice. Its own
   * failure is the step's.
   */
  async include(step: SolveStep | OutputStep, results: StepResults): Promise<void> {
    if (this.#direct || this.#entries.length === 0) return;
    const definitions = (step.parts ?? [step]).map((part) => resolveLater(part.definition, results));
    const before = this.#turn;
    this.#turn = before.catch(() => undefined).then(() => this.#include(step, definitions));
    await this.#turn;
  }

  async #include({ id, entitlements }: Step, definitions: readonly Definition[]): Promise<void> {
    this.#included.set(id, definitions);
    const known = this.#together;
    const more = entitlements.filter((one) => !this.#entitlements.has(one));
    if (known !== undefined && more.length === 0) {
      await Promise.all(known.map((each) => each.include(id, definitions)));
      return;
    }
    // What a step is allowed may only be known by now, and a build is granted all that it may do when it is opened.
    for (const one of more) this.#entitlements.add(one);
    const opened = this.#entries.map((entry, place) => this.#open(entry, place));
    this.#together = opened;
    for (const [step, solved] of this.#included) await Promise.all(opened.map((each) => each.include(step, solved)));
    await Promise.all((known ?? []).map((each) => each.close()));
  }

  #open(entry: CacheEntry, place: number): TogetherExport {
    return new TogetherExport(entry, stepId(`cache-export-${place + 1}`), {
      build: this.#build,
      entitlements: [...this.#entitlements].sort(),
      emit: this.#emit,
      signal: this.#signal,
    });
  }

  /** Exports what all steps gave. */
  async finish(): Promise<void> {
    await Promise.all((this.#together ?? []).map((each) => each.finish()));
  }

  /** Ends what was not finished. */
  async close(): Promise<void> {
    await Promise.all((this.#together ?? []).map((each) => each.close()));
  }
}

function isSolve(step: Step): step is SolveStep | OutputStep {
  return step.kind !== 'frontend' && step.kind !== 'fact';
}

/** Docker's engines have a part of the exporters alone; all say that they know every one. */
function requireExporters({ connection }: Build, entries: readonly CacheEntry[]): void {
  if (connection.kind !== 'docker') return;
  const classic = hasClassicStore(connection);
  const missing = entries.find(({ type }) => (classic ? type !== 'inline' : type === 's3' || type === 'azblob'));
  if (missing === undefined) return;
  throw new SolveError(`this Docker engine cannot export a cache of the type ${missing.type}`, {
    ...{ reason: 'unsupported', places: [], calls: [] },
    help: classic
      ? 'Turn its containerd image store on, use type=inline, or an engine of its own (docker-container://…).'
      : 'Use a BuildKit engine of its own (docker-container://…, hlb engine).',
  });
}
