export { type ExplainedStep, type Explanation, explainBuild, type Reason } from './explain.js';
export type { FileChanges } from './file-list.js';
export { hasHidden, shownText } from './hidden-text.js';
export type { RememberedBuild, RunRecord, StepRecord, StepState } from './record.js';
export { BuildRecorder, type EndedBuild } from './recorder.js';
export { HistoryStore, historyFolder, type NewBuild, type TargetKey } from './store.js';
