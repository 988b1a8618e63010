import { LLBBridgeService, type PingRequest, type PongResponse } from '@hlb/proto/gateway';
import type { Solve } from '../control/start-solve.js';
import type { GatewayCall } from './gateway-call.js';

/**
 * Asks the engine, from within a build, what it can do.
 * @throws BuildkitError when the engine refuses the build
 */
export async function ping(build: Solve, request: GatewayCall): Promise<PongResponse> {
  const ended = build.done.then(() => {
    throw new Error('the build ended before it began');
  });
  ended.catch(() => undefined);
  return Promise.race([request<PingRequest, PongResponse>(LLBBridgeService.ping, {}), ended]);
}
