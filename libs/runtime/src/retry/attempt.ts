import { BuildkitError, type StatusUpdate, type VertexUpdate } from '@hlb/buildkit';
import { type Definition, decodeOp } from '@hlb/llb';
import { resolveLater, type Step, type StepResults } from '@hlb/plan';
import { isTransient } from './transient.js';

/** What a vertex does: fetch from a registry, git or the web; make a file system of what is there; or anything, as commands do. */
type Effect = 'fetch' | 'pure' | 'any';

/** Vertices that no definition of ours has: those that frontends make for themselves. */
const FETCHES =
  /^(docker-image:\/\/|git:\/\/|https?:\/\/|resolve image config for |\[internal\] load metadata for |\[auth\] )/;
/** An engine with containerd's store has given an image its name just as another solve did the same: the next try finds it there. */
const NAMED_MEANWHILE = /\bimage "[^"]*": already exists$/;
const PURE = /^(local:\/\/|\[internal\] load |\[internal\] setting )/;

/**
 * One try of a step: what the engine told of it, to decide whether it may be made again. It may when a registry or a network failed
 * in a way that passes, while something was fetched, and nothing that has an effect is in doubt: no command was running, none
 * without a cache has run, and nothing was delivered. Commands that are done stay in the engine's cache and are not run again. The same
 * goes for a name that two pushes gave an image at the same time.
 */
export class Attempt {
  readonly #step: Step;
  readonly #results: StepResults;
  readonly #vertices = new Map<string, VertexUpdate>();
  #delivered = false;

  /** @param results of the steps that it needs */
  constructor(step: Step, results: StepResults) {
    this.#step = step;
    this.#results = results;
  }

  /** Takes in what the engine tells of it. */
  see(update: StatusUpdate): void {
    for (const vertex of update.vertices) this.#vertices.set(vertex.digest, vertex);
  }

  /** Takes in that something of it has left the engine. */
  deliver(): void {
    this.#delivered = true;
  }

  /** Whether it may be made again after this failure. */
  mayRetry(error: unknown): boolean {
    if (!(error instanceof BuildkitError) || error.lost || this.#delivered) return false;
    const named = NAMED_MEANWHILE.test(error.message);
    if (!named && !isTransient(error.message)) return false;
    const { effects, uncached } = effectsOf(definitionsOf(this.#step, this.#results));
    const effect = (digest: string): Effect => effects.get(digest) ?? effectByName(this.#vertices.get(digest)?.name);
    const failed = error.details.vertices.length > 0 ? error.details.vertices : this.#failed();
    if (!named && (failed.length === 0 || failed.some((digest) => effect(digest) !== 'fetch'))) return false;
    return [...this.#vertices.values()].every(({ digest, started, cached, completed, error: failure }) => {
      if (started === undefined || cached || effect(digest) !== 'any' || (named && !effects.has(digest))) return true;
      return completed !== undefined && failure === '' && !uncached.has(digest);
    });
  }

  /** What failed by itself, as the news have it: what frontends ask for is named in no error. */
  #failed(): readonly string[] {
    return [...this.#vertices.values()]
      .filter(({ error }) => error !== '' && !/context canceled$/.test(error))
      .map(({ digest }) => digest);
  }
}

/** What the ops of definitions do, and which of them are run whether or not they are cached. Made only when something failed. */
function effectsOf(definitions: readonly Definition[]): {
  readonly effects: ReadonlyMap<string, Effect>;
  readonly uncached: ReadonlySet<string>;
} {
  const effects = new Map<string, Effect>();
  const uncached = new Set<string>();
  for (const { def, digests, metadata } of definitions) {
    for (const [index, bytes] of def.entries()) {
      const digest = digests[index];
      if (digest === undefined) continue;
      effects.set(digest, effectOf(bytes));
      if (metadata.get(digest)?.ignoreCache === true) uncached.add(digest);
    }
  }
  return { effects, uncached };
}

function definitionsOf(step: Step, results: StepResults): readonly Definition[] {
  if (step.kind === 'fact') return [];
  const later =
    step.kind === 'frontend' ? [...step.inputs.values()] : (step.parts ?? [step]).map(({ definition }) => definition);
  return later.map((one) => resolveLater(one, results));
}

function effectByName(name = ''): Effect {
  return FETCHES.test(name) ? 'fetch' : PURE.test(name) ? 'pure' : 'any';
}

function effectOf(bytes: Uint8Array): Effect {
  const { op } = decodeOp(bytes);
  switch (op?.$case) {
    case 'source':
      return op.value.identifier.startsWith('local://') ? 'pure' : 'fetch';
    case 'file':
    case 'merge':
    case 'diff':
    case undefined:
      return 'pure';
    default:
      return 'any';
  }
}
