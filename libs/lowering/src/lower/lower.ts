import { randomUUID } from 'node:crypto';
import type { Diagnostic } from '@hlb/diagnostics';
import type { IrModule } from '@hlb/ir';
import { parsePlatform } from '@hlb/llb';
import type { Plan } from '@hlb/plan';
import type { Level } from '../elaborate/evaluation.js';
import type { LoweringAnswers } from './answers.js';
import type { LoweringContext } from './lowerer.js';
import { PlanBuilder } from './plan/plan-builder.js';
import { LoweringProblem } from './problem.js';
import { LocalNames } from './state/locals.js';
import { SourcePlaces } from './state/places.js';
import { ProgressGroups } from './state/progress-groups.js';
import type { Trust } from './trust.js';

export interface LowerOptions {
  /** `os/arch[/variant]`: of what doesn't say another. */
  readonly platform: string;
  readonly level: Level;
  /** The session that serves the locals. Without one, locals are written in the reference's form. */
  readonly sessionId?: string;
  readonly answers: LoweringAnswers;
  /** The plan is one of several, one for each platform: each output has a solve of its own, and names say which platform. */
  readonly severalPlatforms?: boolean | undefined;
  /** What modules may ask for; without it everything is granted. */
  readonly trust?: Trust | undefined;
}

export interface Lowered {
  /** Absent where the module can't be lowered. */
  readonly plan: Plan | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Makes a plan of a module: LLB, solves, and their order. Asks nothing: what must be known of host and engine is given. The same
 * input gives the same plan, but for the values of runs that must not be found in a cache.
 */
export function lower(module: IrModule, options: LowerOptions): Lowered {
  const { answers, level, sessionId } = options;
  const localForm =
    sessionId === undefined ? ({ kind: 'reference' } as const) : ({ kind: 'session', id: sessionId } as const);
  const nonces = new Map<number, string>();
  const context: LoweringContext = {
    module,
    level,
    trust: options.trust,
    severalPlatforms: options.severalPlatforms === true,
    platform: parsePlatform(options.platform),
    answers,
    localForm,
    locals: new LocalNames(localForm, answers),
    images: new Map(),
    places: new SourcePlaces(module.ops.length),
    groups: new ProgressGroups(module.ops.length),
    nonce(number) {
      let value = nonces.get(number);
      if (value === undefined) {
        value = randomUUID();
        nonces.set(number, value);
      }
      return value;
    },
  };
  try {
    return { plan: new PlanBuilder(context).build(), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof LoweringProblem)) throw error;
    return { plan: undefined, diagnostics: [error.diagnostic] };
  }
}
