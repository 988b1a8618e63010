import type { BuiltinCall } from '../builtin-call.js';
import type { Evaluation } from '../evaluation.js';
import { group, leaf, noStage, type Stage } from '../stages/stages.js';
import type { Argument, Value } from '../values.js';
import type { BuiltinHandlers } from './handler.js';

/** The order of solves. */
export const pipelineHandlers: BuiltinHandlers = {
  'pipeline stage': stage,
  'pipeline parallel': stage,
};

/** The arguments side by side, after what came before. */
function stage(e: Evaluation, call: BuiltinCall): Value {
  const before = call.value.kind === 'pipeline' ? call.value.stage : noStage;
  const parts = call.args.map((arg) => stageOf(e, arg));
  e.endStage();
  return { kind: 'pipeline', stage: group('sequential', [before, group('parallel', parts)]) };
}

function stageOf(e: Evaluation, { value }: Argument): Stage {
  if (value.kind === 'pipeline') return value.stage;
  return value.kind === 'fs' && !e.isEmptyFs(value.op) ? leaf(value.op, []) : noStage;
}
