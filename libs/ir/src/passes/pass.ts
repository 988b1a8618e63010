import type { Diagnostic, DiagnosticInit, Span } from '@hlb/diagnostics';
import type { IrModule } from '../module.js';
import type { Op, Text } from '../ops.js';
import type { FactAnswers, FactKind } from './facts.js';
import type { OptionsSchema } from './options.js';

/** What a pass is given beside the module. */
export interface PassContext<Options = unknown, Kinds extends FactKind = never> {
  /** What the pass's schema made of its options; `undefined` for a pass without a schema. */
  readonly options: Options;
  /** Answers to the facts that the pass declares, fetched before it runs. */
  readonly facts: Pick<FactAnswers, Kinds>;
  /** Aborted when the build is. A pass that takes long looks at it. */
  readonly signal: AbortSignal;
  /** Reports something about the program. An error ends the pipeline after the pass. */
  report(finding: Diagnostic | DiagnosticInit): void;
  /** Counts what the pass is about, before and after: `locals: 7 → 2`. */
  stat(name: string, before: number, after: number): void;
}

/** A pass as the one who writes it sees it. */
export interface PassDefinition<Options, Kinds extends FactKind> {
  /** In kebab-case, unique in a pipeline. */
  readonly name: string;
  /** What it does, a sentence. */
  readonly doc?: string;
  /** Passes that must have run. */
  readonly needs?: readonly string[];
  /** Passes that stand before it where they run. */
  readonly after?: readonly string[];
  /** Passes that stand after it where they run. */
  readonly before?: readonly string[];
  /** Whether it runs also at `-O0`. */
  readonly required?: boolean;
  readonly facts?: readonly Kinds[];
  readonly options?: OptionsSchema<Options>;
  /** Whether running it again changes nothing more; `checkPass` holds it to that. */
  readonly idempotent?: boolean;
  /** Whether what outputs and targets are made of stays as it is; `checkPass` holds it to that. */
  readonly keepsMeaning?: boolean;
  /**
   * Gives the module that is built in place of the one it gets, which it must not change: the same object when nothing changed.
   * It does no I/O.
   */
  run(module: IrModule, context: PassContext<Options, Kinds>): IrModule | Promise<IrModule>;
}

/** A pass as the pass manager sees it. */
export interface Pass extends Omit<PassDefinition<unknown, never>, 'facts'> {
  readonly facts?: readonly FactKind[];
}

/** Makes a pass; its context is typed by the options' schema and the facts that it declares. */
export function definePass<Options = undefined, const Kinds extends FactKind = never>(
  definition: PassDefinition<Options, Kinds>,
): Pass {
  return definition;
}

/** A pass of a pipeline, with what its user says of it. */
export interface PassUse {
  readonly pass: Pass;
  /** As the user wrote them; checked by the pass's schema. */
  readonly options?: unknown;
  /** Passes after which it stands, beside those that it names itself. */
  readonly after?: readonly string[];
  /** Passes before which it stands, beside those that it names itself. */
  readonly before?: readonly string[];
  /**
   * Whether it comes from outside of the project: it is verified always, is placed right beside the passes that it names, and
   * a fault of it is the user's to hear of.
   */
  readonly outside?: boolean;
  /** Milliseconds that it may take where it comes from outside, in place of `RunPassesOptions.timeLimit`. */
  readonly timeLimit?: number;
}

/**
 * Where an op comes from, in the form that a diagnostic wants: `ctx.report({ message, ...placeOf(op) })`. With a text of the op, the
 * argument that gave it is the place, where that is known.
 */
export function placeOf(op: Op, text?: Text): { readonly at?: Span; readonly frames: readonly Span[] } {
  const [origin] = op.origins;
  const frames: Span[] = [];
  for (let around = origin?.caller; around !== undefined; around = around.caller) frames.push(around.span);
  const at = text?.at ?? origin?.span;
  return { ...(at === undefined ? {} : { at }), frames: frames.reverse() };
}
