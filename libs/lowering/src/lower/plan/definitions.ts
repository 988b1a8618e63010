import { InternalError, type Span } from '@hlb/diagnostics';
import type { OpId, Text } from '@hlb/ir';
import { type Definition, marshal } from '@hlb/llb';
import { known, type Later, resolveLater, type StepId, type StepResults } from '@hlb/plan';
import { Lowerer, type LoweringContext } from '../lowerer.js';
import { type ConfigForm, writeConfig } from '../state/image-config.js';
import type { FsState } from '../state/state.js';
import { type TextSteps, Texts } from '../texts.js';
import { fitRequest, textBytes } from './definition-size.js';
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

  /** The definition of a value, whatever its size. */
  definition(id: OpId): Later<Definition> {
    const before = this.#known.get(id);
    if (before !== undefined) return known(before);
    const made = this.#make([id], (lowerer) => {
      const state = lowerer.lower(id);
      return marshal(state.output, { platform: state.settings.valuePlatform ?? this.context.platform });
    });
    if (made.kind === 'known') this.#known.set(id, made.value);
    return made;
  }

  /**
   * Definitions that are sent in one request, with texts that go with them: as they fit into one message of engines.
   * @param what names the request
   */
  request(
    parts: readonly { readonly name: string; readonly definition: Later<Definition> }[],
    texts: readonly Later<readonly string[]>[],
    what: string,
    at: Span | undefined,
  ): readonly Later<Definition>[] {
    // LLB in the reference's form is looked at, not sent.
    if (this.context.localForm.kind === 'reference') return parts.map(({ definition }) => definition);
    const made = (results: StepResults): readonly Definition[] =>
      fitRequest(
        parts.map(({ name, definition }) => ({ name, definition: resolveLater(definition, results) })),
        textBytes(texts.flatMap((text) => resolveLater(text, results))),
        what,
        at,
      );
    const late = [...parts.map(({ definition }) => definition), ...texts].filter((one) => one.kind === 'later');
    if (late.length === 0) return made(noResults).map((definition) => known(definition));
    const needs = [...new Set(late.flatMap((one) => one.needs))];
    const fitted = new WeakMap<StepResults, readonly Definition[]>();
    return parts.map((_, index) => ({
      kind: 'later',
      needs,
      make: (results) => {
        const all = fitted.get(results) ?? made(results);
        fitted.set(results, all);
        const definition = all[index];
        if (definition === undefined) throw new InternalError('a request has lost a part');
        return definition;
      },
    }));
  }

  config(id: OpId, containerConfig: boolean, fillPlatform: boolean): Later<string> {
    return this.#make([id], (lowerer) => {
      const state = lowerer.lower(id);
      const { os, architecture } = state.settings.valuePlatform ?? this.context.platform;
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

  /**
   * What is made of some texts.
   * @param more steps beside theirs whose results it is made of
   */
  ofTexts<T>(
    texts: readonly (Text | undefined)[],
    make: (lowerer: Lowerer) => T,
    more: readonly StepId[] = [],
  ): Later<T> {
    return this.#make(opsOf(texts), make, more);
  }

  /** The step that asks what an op must know, where that is only asked later. */
  question(id: OpId): StepId | undefined {
    return this.#steps.questions.get(id);
  }

  /** The step that solves a frontend. */
  frontend(id: OpId): StepId | undefined {
    return this.#steps.frontends.get(id);
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
