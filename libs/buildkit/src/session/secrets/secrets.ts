import { GetSecretRequest, GetSecretResponse } from '@hlb/proto/secrets';
import { GrpcError } from '../grpc/grpc-error.js';
import type { CallHandler } from '../grpc/server.js';
import { unary } from '../grpc/unary.js';
import { openForReading } from '../open-for-reading.js';
import { systemError, TransferError } from '../transfer-error.js';
import { unreachable } from '../unreachable.js';

/** Where a secret's value comes from. It is read each time that the engine asks. */
export type SecretSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'value'; readonly value: string | Uint8Array }
  /** `undefined` means that there is no such secret. */
  | { readonly kind: 'callback'; readonly get: (id: string) => Promise<string | Uint8Array | undefined> };

/** A secret that the engine may ask for. */
export interface Secret {
  readonly id: string;
  readonly source: SecretSource;
}

/** The largest secret, in bytes: BuildKit's limit, which is the client's to enforce. */
const MAX_SECRET_BYTES = 500 * 1024;

/** Serves `Secrets.GetSecret`. No message that it makes has anything of a value in it. */
export class Secrets {
  readonly #secrets = new Map<string, SecretSource>();

  /** A secret of the same id is replaced. */
  add(secret: Secret): void {
    this.#secrets.set(secret.id, secret.source);
  }

  remove(id: string): void {
    this.#secrets.delete(id);
  }

  readonly getSecret: CallHandler = unary(GetSecretRequest, GetSecretResponse, async ({ ID: id }) => {
    const source = this.#secrets.get(id);
    const value = source ? await read(id, source) : undefined;
    // Engines try ids that may well be absent (tokens for git and http): this is an answer, not a failure.
    if (value === undefined) throw new GrpcError('NOT_FOUND', `secret ${id}: not found`);
    const data = Buffer.from(value);
    if (data.length > MAX_SECRET_BYTES) throw tooLarge(id, data.length);
    return { data };
  });
}

async function read(id: string, source: SecretSource): Promise<string | Uint8Array | undefined> {
  switch (source.kind) {
    case 'file':
      return await readFile(id, source.path);
    case 'env':
      return process.env[source.name];
    case 'value':
      return source.value;
    case 'callback':
      return await source.get(id);
    default:
      return unreachable(source, 'source');
  }
}

/** Of a file that is too large, no more than the limit is read. */
async function readFile(id: string, path: string): Promise<Uint8Array> {
  try {
    const {
      file,
      stats: { size },
    } = await openForReading(path);
    try {
      if (size > MAX_SECRET_BYTES) throw tooLarge(id, size);
      const buffer = Buffer.alloc(MAX_SECRET_BYTES + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
        if (bytesRead === 0) return buffer.subarray(0, length);
        length += bytesRead;
        if (length > MAX_SECRET_BYTES) throw tooLarge(id, length);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof GrpcError && !(error instanceof TransferError)) throw error;
    // NotFound would let an optional secret pass: a file that was named and isn't there is a mistake.
    throw new GrpcError('FAILED_PRECONDITION', `secret ${id}: ${systemError(error, 'read', path).message}`, {
      cause: error,
    });
  }
}

function tooLarge(id: string, size: number): GrpcError {
  return new GrpcError(
    'RESOURCE_EXHAUSTED',
    `secret ${id} has ${size} bytes, more than the limit of ${MAX_SECRET_BYTES}`,
  );
}
