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
export { type HostPathOrigin, hostPath } from './host-path.js';
export {
  formatImageReference,
  type ImageReference,
  normalizeImageReference,
  parseImageReference,
} from './image-reference.js';
