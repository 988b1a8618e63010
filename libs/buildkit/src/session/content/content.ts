import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Empty } from '@hlb/proto';
import {
  AbortRequest,
  DeleteContentRequest,
  Info,
  InfoRequest,
  InfoResponse,
  ListContentRequest,
  ListContentResponse,
  ListStatusesRequest,
  ListStatusesResponse,
  ReadContentRequest,
  ReadContentResponse,
  Status,
  StatusRequest,
  StatusResponse,
  UpdateRequest,
  UpdateResponse,
} from '@hlb/proto/content';
import type { ServerCall } from '../grpc/call.js';
import { GrpcError } from '../grpc/grpc-error.js';
import type { CallHandler } from '../grpc/server.js';
import { receiveOne, unary } from '../grpc/unary.js';
import { systemError } from '../transfer-error.js';
import { parseDigest } from './digest.js';
import { exists, type Ingest } from './ingest.js';
import { OciLayout } from './oci-layout.js';
import { timestamp, writeContent } from './write-content.js';

/** A content store of this client. */
export interface ContentStore {
  /**
   * What the engine calls it: `oci:<name>` for an OCI layout as a source, `local:<dir>` for a local cache (with the very text of its
   * `src` or `dest`), `export` for an image that isn't packed.
   */
  readonly id: string;
  /** A directory in the OCI image layout. */
  readonly path: string;
  /** Whether the engine may add blobs and delete them. Default: false. */
  readonly writable?: boolean;
}

/** One store while the session lasts. */
export interface OpenStore {
  readonly layout: OciLayout;
  readonly writable: boolean;
  readonly ingests: Map<string, Ingest>;
}

/** Bytes of one message of a read. */
const READ_CHUNK = 1024 * 1024;
/** Entries of one message of a list, as Go's server has it. */
const LIST_CHUNK = 100;

/** Serves containerd's content API for stores of this client. */
export class ContentStores {
  readonly #stores = new Map<string, OpenStore>();
  /** Stores that were removed: a write to one of them may go on. */
  readonly #retired = new Set<OpenStore>();

  /** A store of the same id is replaced. */
  add(store: ContentStore): void {
    this.remove(store.id);
    this.#stores.set(store.id, {
      layout: new OciLayout(store.path),
      writable: store.writable ?? false,
      ingests: new Map(),
    });
  }

  remove(id: string): void {
    const store = this.#stores.get(id);
    if (!store) return;
    this.#stores.delete(id);
    this.#retired.add(store);
  }

  /** Removes what is half written. */
  async close(): Promise<void> {
    for (const store of [...this.#stores.values(), ...this.#retired]) {
      await Promise.all([...store.ingests.values()].map((ingest) => ingest.discard()));
      store.ingests.clear();
    }
  }

  readonly handlers: ReadonlyMap<string, CallHandler> = new Map<string, CallHandler>([
    [
      '/containerd.services.content.v1.Content/Info',
      unary(InfoRequest, InfoResponse, async ({ digest }, call) => ({ info: await info(this.#store(call), digest) })),
    ],
    [
      '/containerd.services.content.v1.Content/Update',
      // Labels that keep blobs from being collected mean nothing in a layout, which collects nothing.
      unary(UpdateRequest, UpdateResponse, async (request, call) => {
        const found = await info(this.#store(call), request.info?.digest ?? '');
        return { info: { ...found, labels: request.info?.labels ?? new Map<string, string>() } };
      }),
    ],
    ['/containerd.services.content.v1.Content/List', (call) => this.#list(call)],
    [
      '/containerd.services.content.v1.Content/Delete',
      unary(DeleteContentRequest, Empty, async ({ digest }, call) => {
        const { layout } = this.#writable(call);
        const path = layout.blobPath(digest);
        if (!(await exists(path))) throw notFound(digest);
        await rm(path);
        return {};
      }),
    ],
    ['/containerd.services.content.v1.Content/Read', (call) => this.#read(call)],
    [
      '/containerd.services.content.v1.Content/Status',
      unary(StatusRequest, StatusResponse, ({ ref }, call) => {
        const ingest = this.#store(call).ingests.get(ref);
        if (!ingest) throw notFound(ref);
        return { status: status(ingest) };
      }),
    ],
    [
      '/containerd.services.content.v1.Content/ListStatuses',
      unary(ListStatusesRequest, ListStatusesResponse, (_request, call) => ({
        statuses: [...this.#store(call).ingests.values()].map(status),
      })),
    ],
    ['/containerd.services.content.v1.Content/Write', (call) => writeContent(call, this.#writable(call))],
    [
      '/containerd.services.content.v1.Content/Abort',
      unary(AbortRequest, Empty, async ({ ref }, call) => {
        const { ingests } = this.#writable(call);
        const ingest = ingests.get(ref);
        if (!ingest) throw notFound(ref);
        ingests.delete(ref);
        await ingest.discard();
        return {};
      }),
    ],
  ]);

  #store(call: ServerCall): OpenStore {
    const id = call.metadata.get('buildkit-attachable-store-id');
    if (id === undefined) throw new GrpcError('INVALID_ARGUMENT', 'the engine names no content store');
    const store = this.#stores.get(id);
    if (!store) throw new GrpcError('NOT_FOUND', `unknown content store ${JSON.stringify(id)}`);
    return store;
  }

  #writable(call: ServerCall): OpenStore {
    const store = this.#store(call);
    if (!store.writable) throw new GrpcError('PERMISSION_DENIED', 'the content store may only be read');
    return store;
  }

  async #list(call: ServerCall): Promise<void> {
    await receiveOne(call, ListContentRequest);
    const store = this.#store(call);
    const digests: string[] = [];
    for (const algorithm of await names(join(store.layout.path, 'blobs'))) {
      for (const hex of await names(join(store.layout.path, 'blobs', algorithm))) digests.push(`${algorithm}:${hex}`);
    }
    for (let start = 0; start < digests.length; start += LIST_CHUNK) {
      const found: Info[] = [];
      for (const digest of digests.slice(start, start + LIST_CHUNK)) {
        if (isDigest(digest)) found.push(await info(store, digest));
      }
      call.send(ListContentResponse.encode({ info: found }).finish());
    }
  }

  async #read(call: ServerCall): Promise<void> {
    const { digest, offset, size } = await receiveOne(call, ReadContentRequest);
    const { layout } = this.#store(call);
    const path = layout.blobPath(digest);
    if (!(await exists(path))) throw notFound(digest);
    const file = await open(path, 'r').catch((error: unknown) => Promise.reject(systemError(error, 'read', path)));
    try {
      const length = BigInt((await file.stat()).size);
      if (offset < 0n || offset > length) {
        throw new GrpcError('OUT_OF_RANGE', `read past the end of ${digest}, ${length} bytes`);
      }
      const end = size <= 0n || offset + size > length ? length : offset + size;
      for (let position = offset; position < end; ) {
        const wanted = Math.min(READ_CHUNK, Number(end - position));
        const buffer = Buffer.allocUnsafe(wanted);
        const { bytesRead } = await file.read(buffer, 0, wanted, Number(position));
        if (bytesRead === 0) throw new GrpcError('DATA_LOSS', `${digest} became shorter while it was read`);
        call.send(
          ReadContentResponse.encode({ offset: position - offset, data: buffer.subarray(0, bytesRead) }).finish(),
        );
        await call.room();
        position += BigInt(bytesRead);
      }
    } finally {
      await file.close();
    }
  }
}

async function info({ layout }: OpenStore, digest: string): Promise<Info> {
  const path = layout.blobPath(digest);
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) throw notFound(digest);
  return Info.fromPartial({
    digest,
    size: BigInt(stats.size),
    createdAt: timestamp(stats.mtime),
    updatedAt: timestamp(stats.mtime),
  });
}

function status(ingest: Ingest): Status {
  return Status.fromPartial({
    startedAt: timestamp(ingest.startedAt),
    updatedAt: timestamp(ingest.updatedAt),
    ref: ingest.ref,
    offset: ingest.offset,
    total: ingest.total,
    expected: ingest.expected,
  });
}

async function names(path: string): Promise<readonly string[]> {
  return await readdir(path).catch(() => []);
}

function isDigest(digest: string): boolean {
  try {
    parseDigest(digest);
    return true;
  } catch {
    return false;
  }
}

function notFound(what: string): GrpcError {
  return new GrpcError('NOT_FOUND', `content ${what}: not found`);
}
