import type {
  StatusResponse,
  VertexLog as VertexLogMessage,
  Vertex as VertexMessage,
  VertexStatus as VertexStatusMessage,
  VertexWarning as VertexWarningMessage,
} from '@hlb/proto/control';
import type { SourceRange } from '../errors/error-details.js';
import { milliseconds } from './time.js';

/** News of a build. Times are the engine's, in milliseconds since 1970 with fractions. */
export interface StatusUpdate {
  readonly vertices: readonly VertexUpdate[];
  readonly counters: readonly CounterUpdate[];
  readonly logs: readonly LogChunk[];
  readonly warnings: readonly VertexWarning[];
}

/** A vertex as it is now: the last one counts. It may start again after it completed. */
export interface VertexUpdate {
  readonly digest: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly cached: boolean;
  readonly started?: number;
  readonly completed?: number;
  /** Not empty once it has failed. */
  readonly error: string;
  readonly progressGroup?: { readonly id: string; readonly name: string; readonly weak: boolean };
}

/** Bytes that a vertex moves: a layer, a directory. */
export interface CounterUpdate {
  readonly id: string;
  readonly vertex: string;
  /** What is done: `transferring`, `extracting`, …, or its state where `id` is a digest. Empty where `id` says what is done. */
  readonly name: string;
  readonly current: bigint;
  /** 0 where it is not known. */
  readonly total: bigint;
  readonly time?: number;
  readonly started?: number;
  readonly completed?: number;
}

/** What a command wrote: raw bytes, which begin and end anywhere. */
export interface LogChunk {
  readonly vertex: string;
  readonly time: number;
  readonly stream: 'stdout' | 'stderr';
  readonly data: Uint8Array;
}

export interface VertexWarning {
  readonly vertex: string;
  readonly level: number;
  readonly message: string;
  readonly details: readonly string[];
  readonly url: string;
  /** Where it is in a source file, if the frontend says so. */
  readonly source?: { readonly file: string; readonly data: Uint8Array; readonly ranges: readonly SourceRange[] };
}

/**
 * Reads the answers of one `Status` call. The engine repeats the warnings in each part of an answer that it had to divide: they
 * are given once.
 */
export class StatusReader {
  readonly #warned = new Set<string>();

  read(response: StatusResponse): StatusUpdate {
    return {
      vertices: response.vertexes.map(readVertex),
      counters: response.statuses.map(readCounter),
      logs: response.logs.map(readLog),
      warnings: response.warnings.map(readWarning).filter((warning) => this.#isNew(warning)),
    };
  }

  #isNew(warning: VertexWarning): boolean {
    const { vertex, level, message, details, url, source } = warning;
    const key = JSON.stringify([vertex, level, message, details, url, source?.file, source?.ranges]);
    if (this.#warned.has(key)) return false;
    this.#warned.add(key);
    return true;
  }
}

function readVertex(vertex: VertexMessage): VertexUpdate {
  const { digest, name, inputs, cached, error, progressGroup } = vertex;
  return {
    digest,
    name,
    inputs,
    cached,
    error,
    ...times(vertex),
    ...(progressGroup === undefined ? {} : { progressGroup }),
  };
}

function readCounter(counter: VertexStatusMessage): CounterUpdate {
  const { ID: id, vertex, name, current, total } = counter;
  const time = milliseconds(counter.timestamp);
  return { id, vertex, name, current, total, ...(time === undefined ? {} : { time }), ...times(counter) };
}

function times(message: Pick<VertexMessage, 'started' | 'completed'>): { started?: number; completed?: number } {
  const started = milliseconds(message.started);
  const completed = milliseconds(message.completed);
  return { ...(started === undefined ? {} : { started }), ...(completed === undefined ? {} : { completed }) };
}

function readLog(log: VertexLogMessage): LogChunk {
  return {
    vertex: log.vertex,
    time: milliseconds(log.timestamp) ?? 0,
    stream: log.stream === 2n ? 'stderr' : 'stdout',
    data: log.msg,
  };
}

function readWarning(warning: VertexWarningMessage): VertexWarning {
  const { info, ranges } = warning;
  const none = { line: 0, character: 0 };
  return {
    vertex: warning.vertex,
    level: Number(warning.level),
    message: utf8(warning.short),
    details: warning.detail.map(utf8),
    url: warning.url,
    ...(info === undefined
      ? {}
      : {
          source: {
            file: info.filename,
            data: info.data,
            ranges: ranges.map(({ start, end }) => ({ start: start ?? none, end: end ?? start ?? none })),
          },
        }),
  };
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
