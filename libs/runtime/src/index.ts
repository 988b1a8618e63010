export {
  type BuildOpened,
  EVENTS_VERSION,
  type OutputWritten,
  type ProgramPlace,
  SolveError,
  type SolveErrorDetails,
  type SolveEvent,
  type StepCompleted,
  type StepRetried,
  type StepSkipped,
  type StepStarted,
  type TargetText,
  type TransferProgress,
  type VertexChanged,
  type VertexLogged,
  type VertexProgress,
  type VertexWarned,
  type WarnedSource,
} from './events/events.js';
export { StatusEvents } from './events/status-events.js';
export { type ExecuteOptions, execute, type HeldFailure } from './execute/execute.js';
export { type FailedCommand, failedCommand } from './failure/failed-command.js';
export { type FailureCause, failureCause } from './failure/failure-cause.js';
export { SolvedGraph, type SolvedOp } from './failure/solved-graph.js';
export type { Retry } from './retry/retrying.js';
export { Build, type NewsListener, type OpenBuildOptions, openBuild } from './session/build.js';
export type { RetryListener } from './session/engine-facts.js';
export { type BuiltFiles, openFiles } from './session/open-files.js';
export { serveNeeds } from './session/session-needs.js';
export type { SolveSettings, SourcePolicy } from './settings/solve-settings.js';
