import { type IrModule, type Op, type OpId, opId, type Text, texts } from '@hlb/ir';
import type { Level } from '../../../elaborate/evaluation.js';
import { serviceTexts } from '../../../facts/service-paths.js';
import type { LoweringAnswers } from '../../answers.js';
import { opsOf } from '../definitions.js';

/**
 * What can only be asked once something is pushed, in order: commands of this host, variables and manifests whose texts are not known,
 * paths and hosts of git that are not, and images whose config is wanted.
 */
export function lateQuestions(module: IrModule, { lateConfigs }: LoweringAnswers, level: Level): ReadonlySet<OpId> {
  const found = new Set<OpId>();
  module.ops.forEach((op, index) => {
    const asks = asksOften(op, level) && opsOf(questionTexts(op)).length > 0;
    if (asks || lateConfigs.has(opId(index))) found.add(opId(index));
  });
  return found;
}

/** Whether an op asks whenever its texts are only known later. */
function asksOften(op: Op, level: Level): boolean {
  switch (op.kind) {
    case 'command':
    case 'manifest':
    case 'host-env':
    case 'local':
    case 'run':
      return true;
    case 'git':
      // The reference takes the keys that it is shown.
      return level !== 'O0';
    default:
      return false;
  }
}

/** The texts that a question is made of. */
export function questionTexts(op: Op): readonly Text[] {
  switch (op.kind) {
    case 'run':
      return serviceTexts(op).filter(isLate);
    case 'local':
      return [op.path];
    case 'git':
      return [op.remote];
    default:
      return texts(op);
  }
}

function isLate({ text }: Text): boolean {
  return typeof text !== 'string';
}
