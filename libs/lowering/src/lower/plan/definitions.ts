import type { OpId, Text } from '@hlb/ir';
import { type Definition, marshal } from '@hlb/llb';
import { known, type Later, type StepId, type StepResults } from '@hlb/plan';
import { Lowerer, type LoweringContext, opOf } from '../lowerer.js';
import { type ConfigForm, writeConfig } from '../state/image-config.js';
import type { FsState } from '../state/state.js';
import { type TextSteps, Texts } from '../texts.js';
import { fitDefinition } from './definition-size.js';
import type { Reach } from './reach.js';

const noResults: StepResults = new Map();

/** Which steps give what ops stand for. */
export interface StepIndex extends TextSteps {
  readonly frontends: ReadonlyMap<OpId, StepId>;
}

/**
 * Makes definitions, texts and configs of a build: at once where everything is known, else as functions of the results of steps.
 * What depends on results is lowered once for each set of results; the rest once and for all.
 */
export class Definitions {
  readonly context: LoweringContext;
  readonly now: Lowerer;
  readonly #reach: Reach;
  readonly #steps: StepIndex;
  readonly #later = new WeakMap<StepResults, Lowerer>();
  /** Definitions that depend on no results: a local that a thousand frontends read is marshalled, checked and printed once. */
  readonly #known = new Map<OpId, Definition>();

  constructor(context: LoweringContext, reach: Reach, steps: StepIndex) {
    this.context = context;
    this.#reach = reach;
    this.#steps = steps;
    this.now = this.#lowerer(noResults, []);
  }

  /** Steps that must be done before this can be known. */
  needs(ids: readonly OpId[]): readonly StepId[] {
    const { frontends, pushes, questions } = this.#reach.late(ids);
    const found = new Set<StepId>();
    for (const id of frontends) addStep(found, this.#steps.frontends.get(id));
    for (const id of pushes) addStep(found, this.#steps.outputs.get(id));
    for (const id of questions) addStep(found, this.#steps.questions.get(id));
    return [...found];
  }

  /** The definition of a value; `what` names it in messages. */
  definition(id: OpId, what: string): Later<Definition> {
    const before = this.#known.get(id);
    if (before !== undefined) return known(before);
    const made = this.#make([id], (lowerer) => {
      const state = lowerer.lower(id);
      const definition = marshal(state.output, { platform: state.valuePlatform ?? this.context.platform });
      if (this.context.localForm.kind === 'reference') return definition;
      return fitDefinition(definition, what, opOf(this.context.module, id).origins[0]?.span);
    });
    if (made.kind === 'known') this.#known.set(id, made.value);
    return made;
  }

  config(id: OpId, containerConfig: boolean, fillPlatform: boolean): Later<string> {
    return this.#make([id], (lowerer) => {
      const state = lowerer.lower(id);
      const { os, architecture } = state.valuePlatform ?? this.context.platform;
      const form: ConfigForm = {
        platform: fillPlatform ? { os, arch: architecture } : undefined,
        containerConfig,
      };
      return writeConfig(state.config, form);
    });
  }

  text(text: Text, make: (text: string) => string = (same) => same): Later<string> {
    return this.#make(opsOf([text]), (lowerer) => make(lowerer.texts.of(text)));
  }

  /** What is made of some texts. */
  ofTexts<T>(texts: readonly Text[], make: (texts: Texts) => T): Later<T> {
    return this.#make(opsOf(texts), (lowerer) => make(lowerer.texts));
  }

  attributes(
    pairs: readonly { readonly key: Text; readonly value: Text }[],
    source: readonly [string, Later<string>] | undefined,
  ): Later<ReadonlyMap<string, string>> {
    const first = source?.[1];
    const needs = first?.kind === 'later' ? first.needs : [];
    const texts = pairs.flatMap(({ key, value }) => [key, value]);
    return this.#make(
      opsOf(texts),
      (lowerer) => {
        const map = new Map<string, string>();
        if (source !== undefined && first !== undefined) {
          map.set(source[0], first.kind === 'known' ? first.value : first.make(lowerer.results));
        }
        for (const { key, value } of pairs) map.set(lowerer.texts.of(key), lowerer.texts.of(value));
        return map;
      },
      needs,
    );
  }

  #make<T>(ids: readonly OpId[], make: (lowerer: Lowerer) => T, more: readonly StepId[] = []): Later<T> {
    const needs = [...new Set([...this.needs(ids), ...more])];
    if (needs.length === 0) return known(make(this.now));
    return { kind: 'later', needs, make: (results) => make(this.#with(results)) };
  }

  #with(results: StepResults): Lowerer {
    let lowerer = this.#later.get(results);
    if (lowerer === undefined) {
      lowerer = this.#lowerer(results, this.now.states);
      this.#later.set(results, lowerer);
    }
    return lowerer;
  }

  #lowerer(results: StepResults, shared: readonly (FsState | undefined)[]): Lowerer {
    const texts = new Texts(this.context.module, results, this.#steps);
    return new Lowerer(this.context, texts, results, this.#steps, shared);
  }
}

/** The ops that texts come from. */
export function opsOf(texts: readonly (Text | undefined)[]): readonly OpId[] {
  return texts.flatMap((text) => (text === undefined || typeof text.text === 'string' ? [] : [text.text]));
}

function addStep(steps: Set<StepId>, step: StepId | undefined): void {
  if (step !== undefined) steps.add(step);
}
