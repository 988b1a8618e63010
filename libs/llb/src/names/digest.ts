import crypto from 'node:crypto';

/** An algorithm and a lower-case hex hash, `sha256:…`. */
export type Digest = string & { readonly __brand: 'Digest' };

/** A text that is no digest, or a digest of an algorithm that BuildKit does not know. */
export class InvalidDigestError extends TypeError {
  override readonly name = 'InvalidDigestError';
  readonly text: string;

  constructor(text: string, reason: string) {
    super(`invalid digest ${JSON.stringify(text)}: ${reason}`);
    this.text = text;
  }
}

/** Characters of the hash in hex, by algorithm. */
const hexLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** Whether a text is a digest as engines take it. */
export function isDigest(text: string): text is Digest {
  return reasonAgainst(text) === undefined;
}

/** @throws {InvalidDigestError} */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) {
    return text;
  }
  throw new InvalidDigestError(text, reasonAgainst(text) ?? 'unknown');
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

function reasonAgainst(text: string): string | undefined {
  const colon = text.indexOf(':');
  if (colon <= 0) {
    return 'ALGORITHM:HEX is wanted';
  }
  const length = hexLengths.get(text.slice(0, colon));
  if (length === undefined) {
    return 'unsupported algorithm';
  }
  const hex = text.slice(colon + 1);
  if (hex.length !== length) {
    return `the hash has ${hex.length} characters instead of ${length}`;
  }
  return /^[0-9a-f]*$/.test(hex) ? undefined : 'the hash is not lower-case hex';
}
