import type { Connection } from '../connect/connection.js';
import { historyError, historyOf, updateBuildHistory } from '../control/history/history.js';
import { newRef, startSolve } from '../control/start-solve.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import { within } from '../grpc/within.js';
import type { GatewayInit, GatewayOptions } from './gateway.js';
import type { GatewaySolveOptions } from './gateway-work.js';

/** How long the engine may take for a build of which it has just seen the same fail (ms). */
const PATIENCE_MS = 60_000;

/**
 * The error of a solve in a gateway build. An engine may have more to tell than a header of HTTP/2 holds; the call is then broken
 * off, or the connection falls silent. A gateway's error is in no history, so that the frontend is run once more, as a build of its
 * own whose answer nobody waits for: the history has that one's.
 */
export async function toldAgain(
  { connection, options, signal }: Pick<GatewayInit, 'connection' | 'options' | 'signal'>,
  asked: GatewaySolveOptions,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof BuildkitError) || asked.frontend === undefined) return error;
  if (!error.brokenOff && !(error.lost && connection.channel.fellSilent)) return error;
  try {
    const own = await within(PATIENCE_MS, signal, (limit) =>
      errorOfItsOwn(connection, { ...options, ...asked }, limit.signal),
    );
    return own ?? error;
  } catch {
    return error;
  }
}

async function errorOfItsOwn(
  connection: Connection,
  options: GatewayOptions & GatewaySolveOptions,
  signal: AbortSignal,
): Promise<BuildkitError | undefined> {
  // One to ask on, which is lost with its answer; one to hear the history on.
  const asking = await connection.openAnother(signal);
  const hearing = await connection.openAnother(signal).catch(async (error: unknown) => {
    await asking.close();
    throw error;
  });
  const ref = newRef();
  const { exporters: _, cacheExports: __, internal: ___, ...rest } = options;
  try {
    const build = startSolve(asking, ref, rest, { signal, progress: false });
    build.done.catch(() => undefined);
    for await (const { kind, record } of historyOf(hearing.channel, { ref, follow: true }, signal)) {
      if (kind === 'completed') return await historyError(hearing, record, signal);
    }
    return undefined;
  } finally {
    await updateBuildHistory(hearing, ref, 'delete', signal).catch(() => undefined);
    await Promise.all([asking.close(), hearing.close()]);
  }
}
