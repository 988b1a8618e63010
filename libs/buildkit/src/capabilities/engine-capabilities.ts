import { LLBBridgeService, type ReturnRequest, type ReturnResponse } from '@hlb/proto/gateway';
import { CONNECTION } from '../arguments/engine-forms.js';
import { checkArguments, optional, SIGNAL } from '../arguments/forms.js';
import type { Connection } from '../connect/connection.js';
import { newRef, startSolve } from '../control/start-solve.js';
import { gatewayCalls, gatewayMetadata } from '../gateway/gateway-call.js';
import { ping } from '../gateway/ping.js';
import { EMPTY_RESULT, resultMessage } from '../gateway/result.js';
import { untilAborted } from '../grpc/until-aborted.js';
import { Capabilities, OLDEST_GATEWAY } from './capabilities.js';

/** What the engine at the end of a connection can do. */
export interface EngineCapabilities {
  /** Of its LLB, sources, exporters, caches and policies. */
  readonly llb: Capabilities;
  /** Of its gateway. */
  readonly gateway: Capabilities;
}

const asked = new WeakMap<Connection, Promise<EngineCapabilities>>();

/**
 * Asks an engine what it can do, once a connection. It tells only builds, so that this is an empty one, which its history leaves out.
 * @param signal gives up waiting; others may wait for the same answer
 * @throws BuildkitError, or the reason of the signal
 */
export async function engineCapabilities(connection: Connection, signal?: AbortSignal): Promise<EngineCapabilities> {
  checkArguments('engineCapabilities', { connection: [connection, CONNECTION], signal: [signal, optional(SIGNAL)] });
  const known = asked.get(connection);
  if (known !== undefined) return untilAborted(known, signal);
  const asking = ask(connection);
  asked.set(connection, asking);
  // What failed once is asked again.
  asking.catch(() => asked.delete(connection));
  return untilAborted(asking, signal);
}

async function ask(connection: Connection): Promise<EngineCapabilities> {
  const stop = new AbortController();
  const ref = newRef();
  const build = startSolve(connection, ref, { internal: true }, { signal: stop.signal, progress: false });
  try {
    const request = gatewayCalls(connection, gatewayMetadata(ref), stop.signal);
    const { LLBCaps, FrontendAPICaps } = await ping(build, request);
    await request<ReturnRequest, ReturnResponse>(LLBBridgeService.return, {
      result: resultMessage(EMPTY_RESULT),
      error: undefined,
    });
    await build.done;
    return { llb: new Capabilities(LLBCaps), gateway: new Capabilities(FrontendAPICaps, OLDEST_GATEWAY) };
  } finally {
    stop.abort();
    await build.done.catch(() => undefined);
  }
}
