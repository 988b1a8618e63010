import { GrpcError } from '../grpc/grpc-error.js';

/** Hex digits of each algorithm that an OCI layout may name its blobs by. */
const ALGORITHMS: Record<string, number> = { sha256: 64, sha384: 96, sha512: 128 };

/** The two parts of a digest, each safe as a file's name. */
export interface DigestParts {
  readonly algorithm: string;
  readonly hex: string;
}

/** @throws GrpcError INVALID_ARGUMENT for anything but a digest */
export function parseDigest(digest: string): DigestParts {
  const [algorithm = '', hex = '', ...more] = digest.split(':');
  const length = Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined;
  if (length === undefined || hex.length !== length || !/^[0-9a-f]+$/.test(hex) || more.length > 0) {
    throw new GrpcError('INVALID_ARGUMENT', `${JSON.stringify(digest)} is not a digest`);
  }
  return { algorithm, hex };
}
