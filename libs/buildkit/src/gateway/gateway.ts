import { LLBBridgeService, type PongResponse, type ReturnRequest, type ReturnResponse } from '@hlb/proto/gateway';
import { checkArguments, checkMade, OBJECT, oneOf, optional, SIGNAL, TEXT } from '../arguments/forms.js';
import type { Connection } from '../connect/connection.js';
import type { Attributes, SolveOptions } from '../control/solve-request.js';
import type { Solve } from '../control/start-solve.js';
import type { StatusUpdate } from '../control/status.js';
import type { Metadata } from '../grpc/metadata.js';
import { GRPC_CODES, type GrpcCode, grpcNumber } from '../grpc/status.js';
import { untilAborted } from '../grpc/until-aborted.js';
import type { GatewayCall } from './gateway-call.js';
import { RESULT } from './gateway-forms.js';
import { type GatewaySolveOptions, GatewayWork } from './gateway-work.js';
import { EMPTY_RESULT, type GatewayResult, resultMessage } from './result.js';
import { toldAgain } from './told-again.js';

/** The whole build, of which the client is the frontend. */
export type GatewayOptions = Omit<SolveOptions, 'definition' | 'frontend' | 'frontendInputs'>;

/** What a gateway is made of. */
export interface GatewayInit {
  readonly connection: Connection;
  /** What the whole build was asked for. */
  readonly options: GatewayOptions;
  readonly build: Solve;
  readonly request: GatewayCall;
  readonly metadata: Metadata;
  readonly pong: PongResponse;
  readonly stop: AbortController;
  /** Of all calls of the build: that of `stop`, and the caller's own. */
  readonly signal: AbortSignal;
}

/** A build in which the client takes the frontend's part. */
export class Gateway extends GatewayWork {
  /** The build's id on the engine. */
  readonly ref: string;
  /** The build's end: what the exporters answered. */
  readonly done: Promise<Attributes>;
  /** News of all that runs in the build. */
  readonly updates: AsyncIterable<StatusUpdate>;
  readonly #init: GatewayInit;
  #ended = false;

  constructor(init: GatewayInit) {
    super({ ...checkMade(init, 'Gateway', 'openGateway', 'connection', 'build'), channel: init.connection.channel });
    this.#init = init;
    this.ref = init.build.ref;
    this.done = init.build.done;
    this.updates = init.build.updates;
  }

  override async solve(options: GatewaySolveOptions, signal?: AbortSignal): Promise<GatewayResult> {
    checkArguments('solve', { options: [options, OBJECT] });
    // What the whole build imports counts for each solve of it.
    const asked = { ...options, cacheImports: options.cacheImports ?? this.#init.options.cacheImports ?? [] };
    try {
      return await super.solve(asked, signal);
    } catch (error) {
      throw await toldAgain(this.#init, asked, error);
    }
  }

  /**
   * Ends the frontend's part with an error, with which the whole build then fails.
   * @returns the error of the build, as the engine tells it
   */
  async fail(message: string, code: GrpcCode = 'UNKNOWN', signal?: AbortSignal): Promise<unknown> {
    checkArguments('fail', {
      message: [message, TEXT],
      code: [code, oneOf(...GRPC_CODES)],
      signal: [signal, optional(SIGNAL)],
    });
    this.#ended = true;
    await this.#init.request<ReturnRequest, ReturnResponse>(
      LLBBridgeService.return,
      { result: undefined, error: { code: grpcNumber(code), message, details: [] } },
      signal,
    );
    return untilAborted(this.done, signal).then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  /** Ends the frontend's part with a result, and waits for the exporters. Without one the build gives nothing. */
  async return(result: GatewayResult = EMPTY_RESULT, signal?: AbortSignal): Promise<Attributes> {
    checkArguments('return', { result: [result, RESULT], signal: [signal, optional(SIGNAL)] });
    this.#ended = true;
    await this.#init.request<ReturnRequest, ReturnResponse>(
      LLBBridgeService.return,
      { result: resultMessage(result), error: undefined },
      signal,
    );
    return untilAborted(this.done, signal);
  }

  /** Ends the build: a build that returned nothing yet is ended without a result. */
  async close(): Promise<void> {
    if (!this.#ended) {
      await this.return().catch(() => undefined);
    }
    this.#init.stop.abort(new Error('the gateway was closed'));
    await this.done.catch(() => undefined);
  }

  /** As {@link close}: `await using gateway = await openGateway(…)`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Cancels the build on the engine, without waiting. */
  cancel(): void {
    this.#ended = true;
    this.#init.stop.abort(new Error('the gateway was cancelled'));
  }
}
