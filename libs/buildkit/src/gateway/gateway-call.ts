import type { Connection } from '../connect/connection.js';
import type { Metadata } from '../grpc/metadata.js';
import type { Method } from '../grpc/method.js';

/** Makes one call of the gateway, as part of its build. */
export type GatewayCall = <Request, Response>(
  method: Method<Request, Response>,
  request: Request,
  signal?: AbortSignal,
) => Promise<Response>;

/** The metadata by which an engine knows which build a call of the gateway belongs to. */
export function gatewayMetadata(ref: string, metadata: Metadata = []): Metadata {
  return [...metadata, ['buildkit-controlapi-buildid', ref] as const];
}

/** Calls of the gateway in a build. */
export function gatewayCalls(connection: Connection, metadata: Metadata, signal: AbortSignal): GatewayCall {
  return (method, message, callSignal) =>
    connection.channel.unary(method, message, { metadata, signal: eitherOf(signal, callSignal) });
}

/** The signal of a build, and that of one call in it. */
export function eitherOf(build: AbortSignal, call: AbortSignal | undefined): AbortSignal {
  return call === undefined ? build : AbortSignal.any([build, call]);
}
