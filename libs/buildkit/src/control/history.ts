import {
  type BuildHistoryEvent,
  BuildHistoryEventType,
  type BuildHistoryRecord,
  type BuildHistoryRequest,
  ControlService,
  type UpdateBuildHistoryRequest,
  type UpdateBuildHistoryResponse,
} from '@hlb/proto/control';
import type { Connection } from '../connect/connection.js';
import { type BuildkitError, errorFromMessage } from '../errors/buildkit-error.js';
import type { GrpcChannel } from '../grpc/channel.js';
import { milliseconds } from './time.js';

/** A build that the engine remembers (engines from 0.11). Times in milliseconds since 1970. */
export interface HistoryRecord {
  readonly ref: string;
  readonly frontend: string;
  readonly frontendAttrs: ReadonlyMap<string, string>;
  readonly exporterResponse: ReadonlyMap<string, string>;
  readonly created?: number;
  /** Absent while it runs. */
  readonly completed?: number;
  readonly error?: BuildkitError;
  readonly steps: { readonly total: number; readonly completed: number; readonly cached: number };
  readonly warnings: number;
  readonly pinned: boolean;
  /** The message, with the blobs of its log, trace and attestations. */
  readonly raw: BuildHistoryRecord;
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
  /** `status==error`, `startedAt<24h`, …: engines from 0.20. */
  readonly filter?: readonly string[];
  readonly limit?: number;
}

/** The builds that the engine remembers: first those that run, then the stored ones. */
export async function* buildHistory(
  connection: Connection,
  options: HistoryOptions = {},
  signal?: AbortSignal,
): AsyncGenerator<HistoryEvent, void, undefined> {
  yield* historyOf(connection.channel, options, signal);
}

/**
 * Why a build failed, by the engine's own record of it.
 * @returns `undefined` where it has none, or where the build did not fail
 */
export async function recordedError(channel: GrpcChannel, ref: string): Promise<BuildkitError | undefined> {
  for await (const { record } of historyOf(channel, { ref })) if (record.error !== undefined) return record.error;
  return undefined;
}

async function* historyOf(
  channel: GrpcChannel,
  options: HistoryOptions,
  signal?: AbortSignal,
): AsyncGenerator<HistoryEvent, void, undefined> {
  const events = channel.serverStream<BuildHistoryRequest, BuildHistoryEvent>(
    ControlService.listenBuildHistory,
    {
      ActiveOnly: options.activeOnly ?? false,
      Ref: options.ref ?? '',
      EarlyExit: options.follow !== true,
      Filter: [...(options.filter ?? [])],
      Limit: options.limit ?? 0,
    },
    { signal },
  );
  for await (const { type, record } of events) {
    if (record !== undefined) yield { kind: eventKind(type), record: readRecord(record) };
  }
}

/** Pins a build, so that the engine keeps it, or lets it go. */
export async function updateBuildHistory(
  connection: Connection,
  ref: string,
  change: { readonly pinned: boolean } | 'delete',
  signal?: AbortSignal,
): Promise<void> {
  await connection.channel.unary<UpdateBuildHistoryRequest, UpdateBuildHistoryResponse>(
    ControlService.updateBuildHistory,
    {
      Ref: ref,
      Pinned: change !== 'delete' && change.pinned,
      Delete: change === 'delete',
      Finalize: false,
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
    frontend: record.Frontend,
    frontendAttrs: record.FrontendAttrs,
    exporterResponse: record.ExporterResponse,
    ...(created === undefined ? {} : { created }),
    ...(completed === undefined ? {} : { completed }),
    ...(error === undefined ? {} : { error: errorFromMessage(error) }),
    steps: { total: record.numTotalSteps, completed: record.numCompletedSteps, cached: record.numCachedSteps },
    warnings: record.numWarnings,
    pinned: record.pinned,
    raw: record,
  };
}
