import { Status } from '@hlb/proto';
import {
  type BuildHistoryEvent,
  BuildHistoryEventType,
  type BuildHistoryRecord,
  type BuildHistoryRequest,
  type BuildResultInfo,
  ControlService,
  type Descriptor as DescriptorMessage,
  type UpdateBuildHistoryRequest,
  type UpdateBuildHistoryResponse,
} from '@hlb/proto/control';
import { CONNECTION } from '../../arguments/engine-forms.js';
import {
  CALLBACK,
  COUNT,
  checkArguments,
  FLAG,
  type Form,
  fields,
  OBJECT,
  optional,
  SIGNAL,
  TEXT,
  WORD,
} from '../../arguments/forms.js';
import type { Connection } from '../../connect/connection.js';
import { type BuildkitError, errorFromMessage } from '../../errors/buildkit-error.js';
import type { GrpcChannel } from '../../grpc/channel.js';
import type { Exporter } from '../solve-request.js';
import { milliseconds } from '../time.js';
import { type BlobDescriptor, blobOf, readWholeBlob } from './blobs.js';

/** A build that the engine remembers (engines from 0.11). Times in milliseconds since 1970. */
export interface HistoryRecord {
  readonly ref: string;
  readonly status: 'running' | 'completed' | 'failed' | 'cancelled';
  readonly frontend: string;
  readonly frontendAttrs: ReadonlyMap<string, string>;
  /** What was asked for as outputs; empty from engines that don't say (0.13). */
  readonly exporters: readonly Exporter[];
  readonly exporterResponse: ReadonlyMap<string, string>;
  readonly created?: number;
  /** Absent while it runs. */
  readonly completed?: number;
  /** Without details where these are a blob of their own: see {@link BuildHistoryBlobs.error}. */
  readonly error?: BuildkitError;
  readonly blobs: BuildHistoryBlobs;
  /** By platform (`linux/amd64`); a build of one platform has the key ''. */
  readonly results: ReadonlyMap<string, HistoryResult>;
  readonly steps: { readonly total: number; readonly completed: number; readonly cached: number };
  readonly warnings: number;
  readonly pinned: boolean;
}

/** What the engine keeps of a build besides, to be read with `readBlob`. */
export interface BuildHistoryBlobs {
  /** Its news: see `historyUpdates`. */
  readonly log?: BlobDescriptor;
  /** OpenTelemetry's JSON. */
  readonly trace?: BlobDescriptor;
  /** A `google.rpc.Status` with all that the engine knows of the error: see `historyError`. */
  readonly error?: BlobDescriptor;
}

/** What a build gave for a platform. */
export interface HistoryResult {
  /** Provenance and others, as in-toto statements. */
  readonly attestations: readonly BlobDescriptor[];
  /** What the exporters made, by their places. */
  readonly exported: ReadonlyMap<number, BlobDescriptor>;
}

export interface HistoryEvent {
  readonly kind: 'started' | 'completed' | 'deleted';
  readonly record: HistoryRecord;
}

export interface HistoryOptions {
  readonly ref?: string;
  /** Only builds that run. */
  readonly activeOnly?: boolean;
  /** Goes on with what happens from now on; otherwise the list ends. */
  readonly follow?: boolean;
  /** Only builds for which it says so. It is asked here: an engine of BuildKit 0.25 dies of filters. */
  readonly filter?: (record: HistoryRecord) => boolean;
  /** At most so many that have ended, the newest. Not with `follow`. */
  readonly limit?: number;
}

const OPTIONS: Form = fields({
  ref: optional(TEXT),
  activeOnly: optional(FLAG),
  follow: optional(FLAG),
  filter: optional(CALLBACK),
  limit: optional(COUNT),
});

/** What `buildHistory` gives of a build. */
export const RECORD: Form = fields({ ref: TEXT, blobs: OBJECT });

const CHANGE: Form = (value, name) =>
  value === 'delete' || value === 'finalize' || fields({ pinned: FLAG })(value, name) === undefined
    ? undefined
    : `${name} must be 'delete', 'finalize' or { pinned: true | false }`;

/** The builds that the engine remembers: first those that run, then the stored ones. */
export async function* buildHistory(
  connection: Connection,
  options: HistoryOptions = {},
  signal?: AbortSignal,
): AsyncGenerator<HistoryEvent, void, undefined> {
  checkArguments('buildHistory', {
    connection: [connection, CONNECTION],
    options: [options, OPTIONS],
    signal: [signal, optional(SIGNAL)],
  });
  const { filter = () => true, limit, follow = false } = options;
  const ended: HistoryEvent[] = [];
  for await (const event of historyOf(connection.channel, options, signal)) {
    if (!filter(event.record)) continue;
    if (limit === undefined || follow || event.record.status === 'running') yield event;
    else ended.push(event);
  }
  ended.sort((one, other) => (other.record.created ?? 0) - (one.record.created ?? 0));
  yield* ended.slice(0, limit);
}

/**
 * Why a build failed, with all that the engine knows of it.
 * @returns `undefined` where the build did not fail
 */
export async function historyError(
  connection: Connection,
  record: HistoryRecord,
  signal?: AbortSignal,
): Promise<BuildkitError | undefined> {
  checkArguments('historyError', {
    connection: [connection, CONNECTION],
    record: [record, RECORD],
    signal: [signal, optional(SIGNAL)],
  });
  return wholeError(connection.channel, record, signal);
}

/**
 * Why a build failed, by the engine's own record of it.
 * @returns `undefined` where it has none, or where the build did not fail
 */
export async function recordedError(
  channel: GrpcChannel,
  ref: string,
  signal?: AbortSignal,
): Promise<BuildkitError | undefined> {
  for await (const { record } of historyOf(channel, { ref }, signal)) {
    if (record.error !== undefined) return wholeError(channel, record, signal);
  }
  return undefined;
}

async function wholeError(
  channel: GrpcChannel,
  { error, blobs }: HistoryRecord,
  signal?: AbortSignal,
): Promise<BuildkitError | undefined> {
  if (blobs.error === undefined) return error;
  return errorFromMessage(Status.decode(await readWholeBlob(channel, blobs.error.digest, signal)));
}

/** The builds that an engine remembers, over one channel. */
export async function* historyOf(
  channel: GrpcChannel,
  options: Pick<HistoryOptions, 'ref' | 'activeOnly' | 'follow'>,
  signal?: AbortSignal,
): AsyncGenerator<HistoryEvent, void, undefined> {
  const events = channel.serverStream<BuildHistoryRequest, BuildHistoryEvent>(
    ControlService.listenBuildHistory,
    {
      ActiveOnly: options.activeOnly ?? false,
      Ref: options.ref ?? '',
      EarlyExit: options.follow !== true,
      Filter: [],
      Limit: 0,
    },
    { signal },
  );
  for await (const { type, record } of events) {
    if (record !== undefined) yield { kind: eventKind(type), record: readRecord(record) };
  }
}

/**
 * Changes what the engine remembers of a build: pins it, so that it is kept, or lets it go; deletes it; or writes what is still open of
 * it, the trace, which is then to be had (engines from 0.15).
 */
export async function updateBuildHistory(
  connection: Connection,
  ref: string,
  change: { readonly pinned: boolean } | 'delete' | 'finalize',
  signal?: AbortSignal,
): Promise<void> {
  checkArguments('updateBuildHistory', {
    connection: [connection, CONNECTION],
    ref: [ref, WORD],
    change: [change, CHANGE],
    signal: [signal, optional(SIGNAL)],
  });
  await connection.channel.unary<UpdateBuildHistoryRequest, UpdateBuildHistoryResponse>(
    ControlService.updateBuildHistory,
    {
      Ref: ref,
      Pinned: typeof change === 'object' && change.pinned,
      Delete: change === 'delete',
      Finalize: change === 'finalize',
    },
    { signal },
  );
}

function eventKind(type: BuildHistoryEventType): HistoryEvent['kind'] {
  switch (type) {
    case BuildHistoryEventType.COMPLETE:
      return 'completed';
    case BuildHistoryEventType.DELETED:
      return 'deleted';
    default:
      return 'started';
  }
}

function readRecord(record: BuildHistoryRecord): HistoryRecord {
  const created = milliseconds(record.CreatedAt);
  const completed = milliseconds(record.CompletedAt);
  const { error } = record;
  return {
    ref: record.Ref,
    status: statusOf(record),
    frontend: record.Frontend,
    frontendAttrs: record.FrontendAttrs,
    exporters: record.Exporters.map(({ Type: type, Attrs: attrs }) => ({ type, attrs })),
    exporterResponse: record.ExporterResponse,
    ...(created === undefined ? {} : { created }),
    ...(completed === undefined ? {} : { completed }),
    ...(error === undefined ? {} : { error: errorFromMessage(error) }),
    steps: { total: record.numTotalSteps, completed: record.numCompletedSteps, cached: record.numCachedSteps },
    warnings: record.numWarnings,
    pinned: record.pinned,
    blobs: {
      ...(record.logs === undefined ? {} : { log: blobOf(record.logs) }),
      ...(record.trace === undefined ? {} : { trace: blobOf(record.trace) }),
      ...(record.externalError === undefined ? {} : { error: blobOf(record.externalError) }),
    },
    results: new Map([
      ...(record.Result === undefined ? [] : [['', readResult(record.Result)] as const]),
      ...[...record.Results].map(([platform, result]) => [platform, readResult(result)] as const),
    ]),
  };
}

function statusOf({ CompletedAt, error }: BuildHistoryRecord): HistoryRecord['status'] {
  if (CompletedAt === undefined) return 'running';
  if (error === undefined) return 'completed';
  return error.message.includes('context canceled') ? 'cancelled' : 'failed';
}

function readResult({ Attestations, Results, ResultDeprecated }: BuildResultInfo): HistoryResult {
  const exported = [...Results].map(([id, blob]) => [Number(id), blobOf(blob)] as const);
  // Engines before 0.13 know one exporter only.
  const first: readonly DescriptorMessage[] = ResultDeprecated === undefined ? [] : [ResultDeprecated];
  return {
    attestations: Attestations.map(blobOf),
    exported: new Map(exported.length > 0 ? exported : first.map((blob) => [0, blobOf(blob)] as const)),
  };
}
