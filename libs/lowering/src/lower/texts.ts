import { InternalError } from '@hlb/diagnostics';
import { type IrModule, type Op, type OpId, operands, type StringOp, type Text, valueType } from '@hlb/ir';
import type { StepId, StepResults } from '@hlb/plan';
import { fillText, isFillOp } from '../text/fill.js';
import { TemplateError } from '../text/template/error.js';
import { BadValue, LoweringProblem, placed } from './problem.js';

/** The steps that give texts. */
export interface TextSteps {
  /** By the op of the output. */
  readonly outputs: ReadonlyMap<OpId, StepId>;
  /** By the op that asks. */
  readonly questions: ReadonlyMap<OpId, StepId>;
}

/** Reads the texts of a module: those that are known, and with the results of steps those that are known later. */
export class Texts {
  readonly #module: IrModule;
  readonly #results: StepResults;
  readonly #steps: TextSteps;
  readonly #values = new Map<OpId, string>();

  constructor(module: IrModule, results: StepResults, steps: TextSteps) {
    this.#module = module;
    this.#results = results;
    this.#steps = steps;
  }

  of({ text }: Text): string {
    return typeof text === 'string' ? text : this.#value(text);
  }

  optional(text: Text | undefined): string | undefined {
    return text === undefined ? undefined : this.of(text);
  }

  /** Texts can be made of texts without end, so they are worked out from a list, not by recursion. */
  #value(id: OpId): string {
    const known = this.#values.get(id);
    if (known !== undefined) return known;
    const open: OpId[] = [id];
    for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
      const op = stringOp(this.#module, at);
      const missing = isFillOp(op) ? operands(op).filter((needed) => !this.#values.has(needed)) : [];
      if (missing.length > 0) {
        open.push(...missing);
        continue;
      }
      this.#values.set(at, this.#make(op, at));
      open.pop();
    }
    return this.#value(id);
  }

  #make(op: StringOp, id: OpId): string {
    if (isFillOp(op)) {
      try {
        return fillText(op, (text) => this.of(text));
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        throw new LoweringProblem(templateProblem(op, error));
      }
    }
    const step =
      this.#steps.questions.get(id) ?? (op.kind === 'push-digest' ? this.#steps.outputs.get(op.push) : undefined);
    const result = step === undefined ? undefined : this.#results.get(step);
    if (result === undefined) {
      const message = 'this text is only known once an image has been pushed, too late for where it is needed';
      throw new LoweringProblem(placed(op, new BadValue('HLB0531', { message }), undefined));
    }
    if (result.kind === 'fact') return result.text;
    const digest = result.kind === 'output' ? result.response.get('containerimage.digest') : undefined;
    if (digest !== undefined) return digest;
    const message = 'the engine did not say the digest of what it pushed';
    throw new LoweringProblem(placed(op, new BadValue('HLB0527', { message }), undefined));
  }
}

/** What is wrong with a template, at the call that has it. */
export function templateProblem(op: Op, error: TemplateError): ReturnType<typeof placed> {
  const syntax = error.stage === 'syntax';
  const message = `the template ${syntax ? "can't be parsed" : 'failed'}: ${error.message}`;
  return placed(op, new BadValue(syntax ? 'HLB0518' : 'HLB0519', { message }), undefined);
}

export type { StringOp };

/** Whether an op yields a text. */
export function isStringOp(op: Op): op is StringOp {
  return valueType(op) === 'string';
}

function stringOp(module: IrModule, id: OpId): StringOp {
  const op = module.ops[id];
  if (op !== undefined && isStringOp(op)) return op;
  throw new InternalError(`%${id} is no text`);
}
