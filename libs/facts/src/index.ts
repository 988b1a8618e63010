export type {
  CommandRequest,
  CommandResult,
  EngineFacts,
  Facts,
  HostFacts,
  ImageConfigFact,
  ImageRequest,
  ManifestFact,
  PathFact,
} from './facts.js';
