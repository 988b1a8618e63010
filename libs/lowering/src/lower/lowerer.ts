import { InternalError } from '@hlb/diagnostics';
import type { ImageConfigFact } from '@hlb/facts';
import { type IrModule, type Op, type OpId, opId, valueOperands } from '@hlb/ir';
import type { Platform } from '@hlb/llb';
import type { FactResult, StepResults } from '@hlb/plan';
import type { Level } from '../elaborate/evaluation.js';
import type { LoweringAnswers } from './answers.js';
import { lowerOp } from './ops/lower-op.js';
import type { MadeImage } from './ops/sources.js';
import type { StepIndex } from './plan/definitions.js';
import type { LocalForm, LocalNames } from './state/locals.js';
import { madeFiles } from './state/pending-files.js';
import type { SourcePlaces } from './state/places.js';
import type { ProgressGroups } from './state/progress-groups.js';
import { type FsState, scratchState } from './state/state.js';
import type { Texts } from './texts.js';
import type { Trust } from './trust.js';

/** What lowering every op of a build has in common. */
export interface LoweringContext {
  readonly module: IrModule;
  readonly level: Level;
  readonly trust: Trust | undefined;
  /** Whether what is lowered is built for other platforms beside it. */
  readonly severalPlatforms: boolean;
  /** The default platform. */
  readonly platform: Platform;
  readonly answers: LoweringAnswers;
  readonly localForm: LocalForm;
  readonly locals: LocalNames;
  /** Images by platform and reference. */
  readonly images: Map<Platform, Map<string, MadeImage>>;
  readonly places: SourcePlaces;
  readonly groups: ProgressGroups;
  /** A fresh value for each run that must not be found in a cache, the same whenever it is lowered. */
  readonly nonce: (nonce: number) => string;
}

/** Lowers the ops of a module, each once, with what is known: the module itself, and results of steps. */
export class Lowerer {
  readonly context: LoweringContext;
  readonly texts: Texts;
  readonly results: StepResults;
  readonly steps: StepIndex;
  /** By op; a list, since most ops of a module have one. */
  readonly #states: (FsState | undefined)[];
  /** Ops that are lowered, or are about to be. */
  readonly #met: Uint8Array;

  /** `shared` are states that don't depend on results; they are taken over. */
  constructor(
    context: LoweringContext,
    texts: Texts,
    results: StepResults,
    steps: StepIndex,
    shared: readonly (FsState | undefined)[],
  ) {
    this.context = context;
    this.texts = texts;
    this.results = results;
    this.steps = steps;
    this.#states = [...shared];
    this.#met = new Uint8Array(context.module.ops.length);
    for (const [id, state] of shared.entries()) if (state !== undefined) this.#met[id] = 1;
  }

  /** The config of an image, asked before, or by a step where the image's name is only known then. */
  imageConfig(id: OpId, ref: string, platform: string): ImageConfigFact | undefined {
    const told = this.told(id);
    if (told === undefined) return this.context.answers.imageConfig(ref, platform);
    const { text, digest } = told;
    return text === '' ? undefined : { config: text, ...(digest === undefined ? {} : { digest }) };
  }

  /** What a step was told that asks for this op, where it is only asked later. */
  told(id: OpId): FactResult | undefined {
    const step = this.steps.questions.get(id);
    const result = step === undefined ? undefined : this.results.get(step);
    return result?.kind === 'fact' ? result : undefined;
  }

  /** States that are lowered by now. */
  get states(): readonly (FsState | undefined)[] {
    return this.#states;
  }

  /** The state of a file system that was lowered before what reads it. */
  state(id: OpId): FsState {
    return this.#made(id, this.open(id));
  }

  /** The same for what goes on with it: changes of files may be pending. */
  open(id: OpId): FsState {
    const state = this.#states[id];
    if (state === undefined) throw new InternalError(`%${id} was not lowered before an op that reads it`);
    return state;
  }

  /** Lowers a value and all that it is made of. Operands stand before what reads them, so it is one walk over a list. */
  lower(id: OpId): FsState {
    const needed = this.#needed(id);
    let done = 0;
    try {
      for (const each of needed) {
        this.#states[each] = lowerOp(this, opOf(this.context.module, each), each);
        done += 1;
      }
    } finally {
      // What was left out by a problem is met again when something else asks for it.
      for (const each of needed.slice(done)) this.#met[each] = 0;
    }
    return this.#made(id, this.#states[id] ?? scratchState);
  }

  /** The state with no changes of files pending. */
  #made(id: OpId, state: FsState): FsState {
    if (state.pending === undefined) return state;
    const made = { ...state, pending: undefined, output: madeFiles(state.pending, this.context) };
    this.#states[id] = made;
    return made;
  }

  /** What is not lowered yet, in order. What a frontend reads is lowered in the frontend's own solve. */
  #needed(id: OpId): readonly OpId[] {
    const { module } = this.context;
    const found: OpId[] = [];
    const open: OpId[] = [id];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (this.#met[at] === 1) continue;
      this.#met[at] = 1;
      found.push(at);
      const op = opOf(module, at);
      if (op.kind === 'frontend') continue;
      for (const operand of valueOperands(op)) if (this.#met[operand] !== 1) open.push(operand);
    }
    return sorted(found);
  }
}

/** Numbers sorted without a call for each pair: a large build has some hundred thousand. */
function sorted(ids: readonly OpId[]): readonly OpId[] {
  return ids.length < 2 ? ids : Array.from(Uint32Array.from(ids).sort(), opId);
}

export function opOf(module: IrModule, id: OpId): Op {
  const op = module.ops[id];
  if (op === undefined) throw new InternalError(`there is no op %${id}`);
  return op;
}
