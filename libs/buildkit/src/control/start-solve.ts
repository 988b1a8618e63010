import { randomBytes } from 'node:crypto';
import { ControlService, type SolveResponse, type StatusRequest, type StatusResponse } from '@hlb/proto/control';
import type { Connection } from '../connect/connection.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import type { Call } from '../grpc/call.js';
import type { Metadata } from '../grpc/metadata.js';
import { ofBytes } from '../grpc/method.js';
import { within } from '../grpc/within.js';
import { recordedError } from './history/history.js';
import { type Attributes, type SolveOptions, solveRequest } from './solve-request.js';
import { StatusReader, type StatusUpdate } from './status.js';

/**
 * How long an engine may send nothing more of a build that has ended before we stop to listen (ms). It ends the stream by itself;
 * Go's client has the same limit.
 */
const SILENCE_MS = 5_000;

/** A build on an engine. */
export interface Solve {
  readonly ref: string;
  /** What the exporters answered, when all is done. Rejects with a {@link BuildkitError}, or the reason of the signal. */
  readonly done: Promise<Attributes>;
  /**
   * News while it runs, up to the last: to be iterated once, to the end. They end by themselves, also when the build fails;
   * only the loss of the connection is thrown.
   */
  readonly updates: AsyncIterable<StatusUpdate>;
}

export interface SolveCallOptions {
  /** Aborting it cancels the build on the engine. */
  readonly signal?: AbortSignal | undefined;
  /** `false`: nobody wants the news; `updates` is empty then. */
  readonly progress?: boolean;
  /** Of the calls: `traceparent`, `baggage`. */
  readonly metadata?: Metadata;
}

/** Starts a build, whatever it asks for. */
export function startSolve(connection: Connection, ref: string, options: SolveOptions, call: SolveCallOptions): Solve {
  const calls = { signal: call.signal, ...(call.metadata === undefined ? {} : { metadata: call.metadata }) };
  const request = solveRequest(ref, options);
  const { channel } = connection;
  // The status is asked for first: the engine wakes that call when the build appears, so that no news is missed.
  const news =
    call.progress === false
      ? undefined
      : new News(channel.serverStream<StatusRequest, StatusResponse>(ControlService.status, { Ref: ref }, calls));
  const done = channel.unary<Uint8Array, SolveResponse>(ofBytes(ControlService.solve), request, calls).then(
    (response): Attributes => response.ExporterResponse,
    async (error: unknown) => {
      throw await toldError(connection, ref, error);
    },
  );
  done.then(
    () => news?.buildEnded(undefined),
    (error: unknown) => news?.buildEnded(error),
  );
  return { ref, done, updates: news ?? nothing() };
}

/** How long an engine that fell silent may take to tell its record of a build (ms). */
const RECORD_MS = 2_000;

/**
 * The error of a build. An engine can tell more than a header of HTTP/2 holds: the call is then broken off, or the connection falls
 * silent. Its history has the error all the same.
 */
async function toldError(connection: Connection, ref: string, error: unknown): Promise<unknown> {
  if (!(error instanceof BuildkitError)) return error;
  try {
    if (error.brokenOff) return (await recordedError(connection.channel, ref)) ?? error;
    if (!error.lost || !connection.channel.fellSilent) return error;
    return await within(RECORD_MS, undefined, async ({ signal }) => {
      const other = await connection.openAnother(signal);
      try {
        return (await recordedError(other.channel, ref, signal)) ?? error;
      } finally {
        await other.close();
      }
    });
  } catch {
    return error;
  }
}

/** An id for a build or a session: 25 characters of base 36, as Go's client makes them. */
export function newRef(): string {
  return BigInt(`0x${randomBytes(17).toString('hex')}`)
    .toString(36)
    .padStart(25, '0')
    .slice(-25);
}

async function* nothing(): AsyncGenerator<StatusUpdate, void, undefined> {
  // No news.
}

/** The news of one build, from its `Status` call. */
class News implements AsyncIterable<StatusUpdate> {
  readonly #call: Call<StatusRequest, StatusResponse>;
  readonly #reader = new StatusReader();
  #heard = false;
  #ended = false;
  #silence: NodeJS.Timeout | undefined;

  constructor(call: Call<StatusRequest, StatusResponse>) {
    this.#call = call;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StatusUpdate, void, undefined> {
    try {
      for await (const response of this.#call) {
        this.#heard = true;
        this.#silence?.refresh();
        yield this.#reader.read(response);
      }
    } catch (error) {
      // That the news broke off is no failure of the build: its own call tells how it ended.
      if (error instanceof BuildkitError && error.lost) throw error;
    } finally {
      this.#ended = true;
      clearTimeout(this.#silence);
    }
  }

  buildEnded(error: unknown): void {
    const { stream } = this.#call;
    if (this.#ended || stream.destroyed) return;
    // A build that was refused never appeared, and the engine would wait 6 s for it to.
    const refused =
      error !== undefined && !this.#heard && !(error instanceof BuildkitError && error.details.vertices.length > 0);
    if (refused) {
      this.#call.cancel();
      return;
    }
    this.#silence = setTimeout(() => this.#call.cancel(), SILENCE_MS);
    this.#silence.unref();
    // Where nobody reads the news, nobody else ends the timer.
    stream.once('close', () => clearTimeout(this.#silence));
  }
}
