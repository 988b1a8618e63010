import type { Duplex } from 'node:stream';
import { type Definition, decodeDefinition } from '@hlb/llb';
import {
  type InputsRequest,
  type InputsResponse,
  LLBBridgeService,
  type PingRequest,
  type PongResponse,
  type ReturnRequest,
  type ReturnResponse,
} from '@hlb/proto/gateway';
import type { Environment } from '../../address/docker-context.js';
import { ENVIRONMENT } from '../../arguments/engine-forms.js';
import { CALLBACK, checkArguments, checkMade, fields, optional, SIGNAL, STREAM } from '../../arguments/forms.js';
import type { Attributes } from '../../control/solve-request.js';
import { messageFromError } from '../../errors/buildkit-error.js';
import { GrpcChannel } from '../../grpc/channel.js';
import { eitherOf, type GatewayCall } from '../gateway-call.js';
import { GatewayWork, type GatewayWorkInit } from '../gateway-work.js';
import { type GatewayResult, resultMessage } from '../result.js';
import { frontendAttrs } from './frontend-attrs.js';
import { stdioStream } from './stdio-stream.js';

/** What a frontend runs with; all of it is the engine's where absent. */
export interface FrontendProcess {
  /** Where `BUILDKIT_…` is looked up; this process's own environment by default. */
  readonly env?: Environment;
  /** The connection to the engine; this process's standard input and output by default. */
  readonly stream?: Duplex;
}

/**
 * Runs this process as a frontend of BuildKit: as the entrypoint of an image that the engine starts for `# syntax=IMAGE`, or for
 * `gateway.v0` with that image as its `source`. What `make` gives is the result of the build; what it throws fails the build, with
 * all details where it is an error of the engine. Resolves when the engine has either.
 *
 * The standard output is the connection to the engine: a frontend may write to its standard error alone.
 * @param make solves, reads and resolves what it wants by the frontend that it is given; the signal is aborted when the build ends
 * @throws BuildkitError when the engine is gone, or when this process was not started by one
 */
export async function runFrontend(
  make: (frontend: Frontend, signal: AbortSignal) => Promise<GatewayResult>,
  process_: FrontendProcess = {},
): Promise<void> {
  checkArguments('runFrontend', {
    make: [make, CALLBACK],
    process: [process_, fields({ env: optional(ENVIRONMENT), stream: optional(STREAM) })],
  });
  const { env = process.env, stream = stdioStream() } = process_;
  const channel = await GrpcChannel.open(stream);
  const ended = new AbortController();
  void channel.closed.then((error) => ended.abort(error ?? new Error('the build has ended')));
  const request: GatewayCall = (method, message, signal) =>
    channel.unary(method, message, { signal: eitherOf(ended.signal, signal) });
  try {
    const pong = await request<PingRequest, PongResponse>(LLBBridgeService.ping, {});
    const answer = await resultOf(() =>
      make(new Frontend({ channel, request, metadata: [], pong, env, signal: ended.signal }), ended.signal),
    );
    await request<ReturnRequest, ReturnResponse>(LLBBridgeService.return, answer);
  } finally {
    await channel.close();
  }
}

async function resultOf(make: () => Promise<GatewayResult>): Promise<ReturnRequest> {
  try {
    return { result: resultMessage(await make()), error: undefined };
  } catch (error) {
    return { result: undefined, error: messageFromError(error) };
  }
}

interface FrontendInit extends GatewayWorkInit {
  readonly env: Environment;
}

/** A build as the frontend in a container sees it. */
export class Frontend extends GatewayWork {
  /**
   * What the frontend is told: `filename`, `target`, `build-arg:NAME`, … and `source`, the frontend's own image. It passes them on
   * itself to the frontends that it uses.
   */
  readonly attrs: Attributes;
  /** The session of the client, for what comes from it. */
  readonly sessionId: string;
  /** What the engine belongs to, as it says: `docker`, `buildkit`, … */
  readonly product: string;
  readonly #request: GatewayCall;

  constructor(init: FrontendInit) {
    super(checkMade(init, 'Frontend', 'runFrontend', 'env'));
    const { env } = init;
    this.attrs = frontendAttrs(env);
    this.sessionId = env['BUILDKIT_SESSION_ID'] ?? '';
    this.product = env['BUILDKIT_EXPORTEDPRODUCT'] ?? '';
    this.#request = init.request;
  }

  /** The graphs that the build gave the frontend in place of what it would ask of the client, by their names; none on old engines. */
  async inputs(signal?: AbortSignal): Promise<ReadonlyMap<string, Definition>> {
    checkArguments('inputs', { signal: [signal, optional(SIGNAL)] });
    if (!this.caps.has('frontend.inputs')) return new Map();
    const { Definitions } = await this.#request<InputsRequest, InputsResponse>(LLBBridgeService.inputs, {}, signal);
    return new Map([...Definitions].map(([name, definition]) => [name, decodeDefinition(definition)]));
  }
}
