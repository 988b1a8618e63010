import { ContentService, type ReadContentRequest, type ReadContentResponse } from '@hlb/proto/content';
import type { Descriptor } from '@hlb/proto/control';
import { CONNECTION } from '../../arguments/engine-forms.js';
import { checkArguments, optional, SIGNAL, WORD } from '../../arguments/forms.js';
import type { Connection } from '../../connect/connection.js';
import type { GrpcChannel } from '../../grpc/channel.js';

/** A blob of the engine's history. */
export interface BlobDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: bigint;
  readonly annotations: ReadonlyMap<string, string>;
}

/** A blob from a message. */
export function blobOf({ mediaType, digest, size, annotations }: Descriptor): BlobDescriptor {
  return { mediaType, digest, size, annotations };
}

/** A blob that the engine keeps, piece by piece: of its history, and of images in its store. */
export async function* readBlob(
  connection: Connection,
  digest: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  checkArguments('readBlob', {
    connection: [connection, CONNECTION],
    digest: [digest, WORD],
    signal: [signal, optional(SIGNAL)],
  });
  yield* pieces(connection.channel, digest, signal);
}

/** A small blob, whole. */
export async function readWholeBlob(channel: GrpcChannel, digest: string, signal?: AbortSignal): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces(channel, digest, signal)) all.push(piece);
  return Buffer.concat(all);
}

async function* pieces(
  channel: GrpcChannel,
  digest: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const call = channel.serverStream<ReadContentRequest, ReadContentResponse>(
    ContentService.read,
    { digest, offset: 0n, size: 0n },
    { signal },
  );
  for await (const { data } of call) yield data;
}
