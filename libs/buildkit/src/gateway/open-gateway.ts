import { CONNECTION } from '../arguments/engine-forms.js';
import { checkArguments } from '../arguments/forms.js';
import { requireCapabilities } from '../capabilities/required.js';
import type { Connection } from '../connect/connection.js';
import { SOLVE_CALL, SOLVE_OPTIONS } from '../control/solve-forms.js';
import { newRef, type SolveCallOptions, startSolve } from '../control/start-solve.js';
import { Gateway, type GatewayOptions } from './gateway.js';
import { gatewayCalls, gatewayMetadata } from './gateway-call.js';
import { ping } from './ping.js';

/**
 * Starts a build in which the client takes the frontend's part: it solves what it likes, reads the results, runs containers in
 * them, and at last gives a result back, which the engine exports.
 * @throws BuildkitError when the engine refuses the build
 */
export async function openGateway(
  connection: Connection,
  options: GatewayOptions = {},
  call: SolveCallOptions = {},
): Promise<Gateway> {
  checkArguments('openGateway', {
    connection: [connection, CONNECTION],
    options: [options, SOLVE_OPTIONS],
    call: [call, SOLVE_CALL],
  });
  await requireCapabilities(connection, options, call.signal);
  const stop = new AbortController();
  const signal = call.signal === undefined ? stop.signal : AbortSignal.any([call.signal, stop.signal]);
  const build = startSolve(connection, options.ref ?? newRef(), options, { ...call, signal });
  const metadata = gatewayMetadata(build.ref, call.metadata);
  const request = gatewayCalls(connection, metadata, signal);
  try {
    const pong = await ping(build, request);
    return new Gateway({ connection, options, build, request, metadata, pong, stop, signal });
  } catch (error) {
    stop.abort();
    throw error;
  }
}
