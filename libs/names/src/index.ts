export { type Digest, digestProblem, isDigest } from './digest.js';
export {
  formatImageReference,
  type ImageReference,
  normalizeImageReference,
  type ReadReference,
  readImageReference,
  withDefaultTag,
} from './image-reference.js';
export { compileNamePattern, compilePathPattern, type PathTest } from './patterns/path-pattern.js';
export { InvalidPatternError } from './patterns/pattern-source.js';
