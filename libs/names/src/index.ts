export { type Digest, digestProblem, isDigest } from './digest.js';
export {
  formatImageReference,
  type ImageReference,
  normalizeImageReference,
  type ReadReference,
  readImageReference,
  withDefaultTag,
} from './image-reference.js';
