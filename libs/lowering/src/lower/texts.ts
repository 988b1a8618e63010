import { InternalError } from '@hlb/diagnostics';
import { type IrModule, type Op, type OpId, operands, type StringOp, type Text, valueType } from '@hlb/ir';
import type { StepId, StepResults } from '@hlb/plan';
import { fillText, isFillOp } from '../text/fill.js';
import { TemplateError } from '../text/template/error.js';
import { BadValue, LoweringProblem, placed } from './problem.js';

/** Reads the texts of a module: those that are known, and with the results of steps those that are known later. */
export class Texts {
  readonly #module: IrModule;
  readonly #results: StepResults;
  /** The step that pushes, by the push's op. */
  readonly #pushSteps: ReadonlyMap<OpId, StepId>;
  readonly #values = new Map<OpId, string>();

  constructor(module: IrModule, results: StepResults, pushSteps: ReadonlyMap<OpId, StepId>) {
    this.#module = module;
    this.#results = results;
    this.#pushSteps = pushSteps;
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
      this.#values.set(at, this.#make(op));
      open.pop();
    }
    return this.#value(id);
  }

  #make(op: StringOp): string {
    if (isFillOp(op)) {
      try {
        return fillText(op, (text) => this.of(text));
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        throw new LoweringProblem(templateProblem(op, error));
      }
    }
    if (op.kind === 'push-digest') {
      const step = this.#pushSteps.get(op.push);
      const result = step === undefined ? undefined : this.#results.get(step);
      if (result === undefined) {
        const message = 'this text is only known once the image has been pushed, too late for where it is needed';
        throw new LoweringProblem(placed(op, new BadValue('HLB0531', { message }), undefined));
      }
      const digest = result.kind === 'output' ? result.response.get('containerimage.digest') : undefined;
      if (digest !== undefined) return digest;
      throw new LoweringProblem(
        placed(
          op,
          new BadValue('HLB0527', { message: 'the engine did not say the digest of what it pushed' }),
          undefined,
        ),
      );
    }
    throw new LoweringProblem(lateProblem(op, undefined));
  }
}

/** Says of a command of this host, or a question to a registry, that it would have to wait for a push, and what to do. */
export function lateProblem(op: Op, text: Text | undefined): ReturnType<typeof placed> {
  const isCommand = op.kind === 'command';
  const message = `${isCommand ? 'commands of this host run' : 'registries are asked'} before anything is built, and what this one is given is only known once an image has been pushed`;
  const help = isCommand
    ? 'Do it in the build: `run` may be given the digest of a push, and waits for it.'
    : 'A digest is what `dockerPush … as (digest NAME)` binds. The manifest can be read by another `hlb run`, once this one is done.';
  return placed(op, new BadValue('HLB0531', { message, helps: [help] }), text);
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
