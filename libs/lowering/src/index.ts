export {
  type CompileExpressionOptions,
  type CompileOptions,
  type CompileResult,
  compile,
  compileChecked,
  compileExpression,
  Timings,
} from './compile.js';
export { assumedResults } from './dump/assumed-results.js';
export { type DumpLlbOptions, dumpLlb } from './dump/dump-llb.js';
export { printPlan } from './dump/print-plan.js';
export { type Elaborated, type ElaborateOptions, elaborate, elaborateStepwise } from './elaborate/elaborate.js';
export type { Level, Step } from './elaborate/evaluation.js';
export type { ModuleFiles, ModuleInstance, Scope } from './elaborate/scope.js';
export type { Value } from './elaborate/values.js';
export type { LoweringAnswers } from './lower/answers.js';
export { type Lowered, type LowerOptions, lower } from './lower/lower.js';
export { LoweringProblem } from './lower/problem.js';
export { type PipelineRow, passesAt, pipeline } from './pipeline.js';
