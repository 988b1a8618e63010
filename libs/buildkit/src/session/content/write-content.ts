import { Timestamp } from '@hlb/proto';
import { WriteAction, WriteContentRequest, WriteContentResponse } from '@hlb/proto/content';
import type { ServerCall } from '../grpc/call.js';
import { GrpcError } from '../grpc/grpc-error.js';
import { decodeMessage } from '../grpc/unary.js';
import type { OpenStore } from './content.js';
import { parseDigest } from './digest.js';
import { exists, Ingest } from './ingest.js';

/** Blobs of one store that may be half written: each has an open file. */
const INGEST_LIMIT = 512;

/** Serves `Content.Write`: requests about one blob, each answered before the next. */
export async function writeContent(call: ServerCall, store: OpenStore): Promise<void> {
  let ingest: Ingest | undefined;
  try {
    for await (const message of call) {
      const request = decodeMessage(WriteContentRequest, message);
      ingest ??= lock(store, request.ref);
      if (request.total > 0n) ingest.total = request.total;
      if (request.expected !== '') {
        parseDigest(request.expected);
        ingest.expect(request.expected);
      }
      if (ingest.expected !== '' && (await exists(store.layout.blobPath(ingest.expected)))) {
        store.ingests.delete(ingest.ref);
        await ingest.discard();
        throw new GrpcError('ALREADY_EXISTS', `content ${ingest.expected} exists`);
      }
      if (await act(call, store, ingest, request)) return;
    }
  } finally {
    if (ingest) ingest.locked = false;
  }
}

/** Does what one request asks for and answers it. True if the blob is complete. */
async function act(call: ServerCall, store: OpenStore, ingest: Ingest, request: WriteContentRequest): Promise<boolean> {
  switch (request.action) {
    case WriteAction.STAT:
      answer(call, ingest, request.action, ingest.digest);
      return false;
    case WriteAction.WRITE:
      await append(ingest, request);
      answer(call, ingest, request.action, ingest.digest);
      return false;
    case WriteAction.COMMIT: {
      if (request.data.length > 0) await append(ingest, request);
      const digest = await ingest.commit().catch(async (error: unknown) => {
        store.ingests.delete(ingest.ref);
        await ingest.discard();
        throw error;
      });
      store.ingests.delete(ingest.ref);
      answer(call, ingest, request.action, digest);
      return true;
    }
    default:
      throw new GrpcError('INVALID_ARGUMENT', `unknown action ${String(request.action)}`);
  }
}

/** The offset is where the engine believes the blob to end; 0 starts again. */
async function append(ingest: Ingest, request: WriteContentRequest): Promise<void> {
  if (request.offset === 0n) await ingest.truncate();
  else if (request.offset !== ingest.offset) {
    throw new GrpcError(
      'OUT_OF_RANGE',
      `write at ${request.offset} of ${ingest.ref}, which has ${ingest.offset} bytes`,
    );
  }
  await ingest.write(request.data);
}

function answer(call: ServerCall, ingest: Ingest, action: WriteAction, digest: string): void {
  const response = WriteContentResponse.fromPartial({
    action,
    startedAt: timestamp(ingest.startedAt),
    updatedAt: timestamp(ingest.updatedAt),
    offset: ingest.offset,
    total: ingest.total,
    digest,
  });
  call.send(WriteContentResponse.encode(response).finish());
}

function lock(store: OpenStore, ref: string): Ingest {
  if (ref === '') throw new GrpcError('INVALID_ARGUMENT', 'a write needs a ref');
  const existing = store.ingests.get(ref);
  if (existing?.locked) throw new GrpcError('UNAVAILABLE', `ref ${ref} is locked by another write`);
  if (!existing && store.ingests.size >= INGEST_LIMIT) {
    throw new GrpcError('RESOURCE_EXHAUSTED', `more than ${INGEST_LIMIT} blobs are being written`);
  }
  const ingest = existing ?? new Ingest(store.layout, ref);
  store.ingests.set(ref, ingest);
  ingest.locked = true;
  return ingest;
}

export function timestamp(date: Date): Timestamp {
  const milliseconds = date.getTime();
  return Timestamp.fromPartial({
    seconds: BigInt(Math.floor(milliseconds / 1000)),
    nanos: Math.round(milliseconds % 1000) * 1_000_000,
  });
}
