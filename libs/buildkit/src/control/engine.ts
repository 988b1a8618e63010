import {
  ControlService,
  type DiskUsageRequest,
  type DiskUsageResponse,
  type InfoRequest,
  type InfoResponse,
  type ListWorkersRequest,
  type ListWorkersResponse,
  type PruneRequest,
  type UsageRecord,
} from '@hlb/proto/control';
import type { WorkerRecord } from '@hlb/proto/workers';
import { CONNECTION } from '../arguments/engine-forms.js';
import { BIGINT, checkArguments, FLAG, type Form, fields, list, optional, SIGNAL, TEXT } from '../arguments/forms.js';
import { engineCapabilities } from '../capabilities/engine-capabilities.js';
import type { Connection } from '../connect/connection.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import { milliseconds } from './time.js';

/** Which BuildKit an engine runs. Docker's own may say `v0.0.0+unknown`: go by capabilities, not by this. */
export interface EngineVersion {
  readonly package: string;
  readonly version: string;
  readonly revision: string;
  /** Of the built-in Dockerfile frontend; empty from engines that don't say. */
  readonly dockerfileVersion: string;
}

const FILTER: Form = optional(list(TEXT));

/** What each of these calls takes first and last. */
function checkCall(
  name: string,
  connection: unknown,
  given: Readonly<Record<string, readonly [unknown, Form]>>,
  signal: unknown,
): void {
  checkArguments(name, { connection: [connection, CONNECTION], ...given, signal: [signal, optional(SIGNAL)] });
}

/** The engine's version; `undefined` from engines before 0.11, which don't say. */
export async function engineVersion(connection: Connection, signal?: AbortSignal): Promise<EngineVersion | undefined> {
  checkCall('engineVersion', connection, {}, signal);
  try {
    const { buildkitVersion } = await connection.channel.unary<InfoRequest, InfoResponse>(
      ControlService.info,
      {},
      { signal },
    );
    if (buildkitVersion === undefined) return undefined;
    const { package: name, version, revision, dockerfileVersion } = buildkitVersion;
    return { package: name, version, revision, dockerfileVersion };
  } catch (error) {
    if (error instanceof BuildkitError && error.code === 'UNIMPLEMENTED') return undefined;
    throw error;
  }
}

/** The engine's workers as they are now, those that a filter names (`label.…==…`) or all. */
export async function listWorkers(
  connection: Connection,
  filter: readonly string[] = [],
  signal?: AbortSignal,
): Promise<readonly WorkerRecord[]> {
  checkCall('listWorkers', connection, { filter: [filter, FILTER] }, signal);
  const { record } = await connection.channel.unary<ListWorkersRequest, ListWorkersResponse>(
    ControlService.listWorkers,
    { filter: [...filter] },
    { signal },
  );
  return record;
}

/** A record of the engine's cache. Times are in milliseconds since 1970, sizes in bytes. */
export interface CacheRecord {
  readonly id: string;
  readonly parents: readonly string[];
  readonly description: string;
  /** `regular`, `internal`, `frontend`, `source.local`, `source.git.checkout`, `exec.cachemount`. */
  readonly type: string;
  readonly size: bigint;
  readonly mutable: boolean;
  readonly inUse: boolean;
  readonly shared: boolean;
  readonly usageCount: number;
  readonly created?: number;
  readonly lastUsed?: number;
}

export interface DiskUsageOptions {
  /** containerd's syntax: `type==regular`, `inuse`, …; elements are joined by "or". */
  readonly filter?: readonly string[];
  /** Only what was not used for as long as this (ns; engines from 0.22). */
  readonly ageLimit?: bigint;
}

/**
 * What the engine's cache holds.
 * @throws BuildkitError `UNIMPLEMENTED` for an age limit, from engines that would leave it out without a word
 */
export async function diskUsage(
  connection: Connection,
  options: DiskUsageOptions = {},
  signal?: AbortSignal,
): Promise<readonly CacheRecord[]> {
  checkCall('diskUsage', connection, { options: [options, DISK_USAGE_OPTIONS] }, signal);
  const { filter = [], ageLimit = 0n } = options;
  // The limit has no capability of its own: this one came with the same release.
  if (ageLimit > 0n)
    await requireCapability(connection, 'source.git.checksum', 'an age limit of what is listed', signal);
  const { record } = await connection.channel.unary<DiskUsageRequest, DiskUsageResponse>(
    ControlService.diskUsage,
    { filter: [...filter], ageLimit },
    { signal },
  );
  return record.map(readRecord);
}

const DISK_USAGE_OPTIONS: Form = fields({ filter: FILTER, ageLimit: optional(BIGINT) });

export interface PruneOptions {
  readonly filter?: readonly string[];
  /** Also what the engine keeps for itself, and frontends. */
  readonly all?: boolean;
  /** Keeps what was used within this time (ns). */
  readonly keepDuration?: bigint;
  /** Keeps this many bytes. */
  readonly reservedSpace?: bigint;
  /** Prunes down to this many bytes (engines from 0.17). */
  readonly maxUsedSpace?: bigint;
  /** Prunes until this many bytes are free (engines from 0.17). */
  readonly minFreeSpace?: bigint;
}

const PRUNE_OPTIONS: Form = fields({
  filter: FILTER,
  all: optional(FLAG),
  keepDuration: optional(BIGINT),
  reservedSpace: optional(BIGINT),
  maxUsedSpace: optional(BIGINT),
  minFreeSpace: optional(BIGINT),
});

/**
 * Removes what is not in use from the engine's cache, and gives each record as it goes. Nothing is removed before the first is asked for.
 * @throws BuildkitError `UNIMPLEMENTED` for limits that this engine doesn't know: it would remove everything
 */
export async function* prune(
  connection: Connection,
  options: PruneOptions = {},
  signal?: AbortSignal,
): AsyncGenerator<CacheRecord, void, undefined> {
  checkCall('prune', connection, { options: [options, PRUNE_OPTIONS] }, signal);
  const { maxUsedSpace = 0n, minFreeSpace = 0n } = options;
  if (maxUsedSpace > 0n || minFreeSpace > 0n) {
    await requireCapability(connection, 'gc.freespacefilter', 'pruning to a limit of space', signal);
  }
  const records = connection.channel.serverStream<PruneRequest, UsageRecord>(
    ControlService.prune,
    {
      filter: [...(options.filter ?? [])],
      all: options.all ?? false,
      keepDuration: options.keepDuration ?? 0n,
      reservedSpace: options.reservedSpace ?? 0n,
      maxUsedSpace,
      minFreeSpace,
    },
    { signal },
  );
  for await (const record of records) yield readRecord(record);
}

async function requireCapability(
  connection: Connection,
  capability: string,
  feature: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  (await engineCapabilities(connection, signal)).llb.require(capability, feature);
}

function readRecord(record: UsageRecord): CacheRecord {
  const created = milliseconds(record.CreatedAt);
  const lastUsed = milliseconds(record.LastUsedAt);
  return {
    id: record.ID,
    // Engines before 0.10 know one parent only.
    parents: record.Parents.length === 0 && record.Parent !== '' ? [record.Parent] : record.Parents,
    description: record.Description,
    type: record.RecordType,
    size: record.Size,
    mutable: record.Mutable,
    inUse: record.InUse,
    shared: record.Shared,
    usageCount: Number(record.UsageCount),
    ...(created === undefined ? {} : { created }),
    ...(lastUsed === undefined ? {} : { lastUsed }),
  };
}
