import {
  formatImageReference,
  type ImageReference,
  normalizeImageReference,
  readImageReference,
  withDefaultTag,
} from '@hlb/names';

/** A text that names no image. */
export class InvalidReferenceError extends TypeError {
  override readonly name = 'InvalidReferenceError';
  readonly text: string;
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(`invalid image reference ${JSON.stringify(text)}: ${reason}`);
    this.text = text;
    this.reason = reason;
  }
}

/**
 * Reads an image's name as Docker does: `alpine` is `docker.io/library/alpine`. No tag is added.
 *
 * @throws {InvalidReferenceError}
 */
export function parseReference(text: string): ImageReference {
  const read = readImageReference(text);
  if (read.kind === 'problem') throw new InvalidReferenceError(text, read.problem);
  return read.reference;
}

/**
 * The whole name of an image as it stands in an op: `alpine` is `docker.io/library/alpine:latest`. The tag `latest` is added only
 * where there is neither tag nor digest.
 *
 * @throws {InvalidReferenceError}
 */
export function normalizeReference(text: string): string {
  return normalizeImageReference(text) ?? formatImageReference(withDefaultTag(parseReference(text)));
}
