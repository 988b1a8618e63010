export type {
  ChangeRequest,
  CommandRequest,
  CommandResult,
  EngineFacts,
  Facts,
  FrontendFact,
  FrontendRequest,
  HostFacts,
  ImageConfigFact,
  ImageRequest,
  ManifestFact,
  ModuleFileRequest,
  PathFact,
  StepFacts,
} from './facts.js';
export { type HostFactsOptions, hostFacts } from './host/host-facts.js';
export { HostFileError, LARGEST_MODULE } from './host/module-text.js';
export { matchesPatterns } from './host/path-patterns.js';
export { type HostPathOrigin, hostPath } from './host-path.js';
export { joinFacts, offlineEngineFacts, offlineStepFacts } from './offline-facts.js';
export {
  type ChangeRow,
  type CommandRow,
  type FactsFile,
  FactsFileError,
  type FrontendRow,
  type ImageRow,
  type RegistryRow,
  readFactsFile,
} from './record/facts-file.js';
export { type FactsRecording, recordFacts } from './record/record-facts.js';
export { recordedFacts } from './record/recorded-facts.js';
export { sharedCommands } from './shared-commands.js';
