import crypto from 'node:crypto';
import { type Digest, digestProblem, isDigest } from '@hlb/names';

/** A text that is no digest, or a digest of an algorithm that BuildKit does not know. */
export class InvalidDigestError extends TypeError {
  override readonly name = 'InvalidDigestError';
  readonly text: string;

  constructor(text: string, reason: string) {
    super(`invalid digest ${JSON.stringify(text)}: ${reason}`);
    this.text = text;
  }
}

/** @throws {InvalidDigestError} */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) {
    return text;
  }
  throw new InvalidDigestError(text, digestProblem(text) ?? '');
}

/** The SHA-256 digest of some bytes: of an op's canonical encoding, its name in definitions. */
export function digestOf(bytes: Uint8Array): Digest {
  // The one place that makes a digest instead of reading it.
  return `sha256:${sha256(bytes)}` as Digest;
}

/** Node has a faster way for a single piece of data since 20.12. */
const sha256: (bytes: Uint8Array) => string =
  typeof crypto.hash === 'function'
    ? (bytes) => crypto.hash('sha256', bytes)
    : (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');
