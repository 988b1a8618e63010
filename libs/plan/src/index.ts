export { commandPlatforms } from './command-platforms.js';
export { mergePlatforms, PlatformsDiffer } from './merge-platforms.js';
export {
  type Agent,
  type FrontendStep,
  known,
  type Later,
  type Output,
  type OutputStep,
  type Plan,
  type PlanRequest,
  type PlanTarget,
  type PlatformPart,
  resolveLater,
  type SecretFile,
  type SessionNeeds,
  type SolveStep,
  type Step,
  type StepId,
  type StepResult,
  type StepResults,
  type SyncedDirectory,
  stepId,
} from './plan.js';
