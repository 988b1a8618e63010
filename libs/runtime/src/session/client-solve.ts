import {
  BuildkitError,
  type Connection,
  type Gateway,
  type GatewayResult,
  newRef,
  openGateway,
  type Solve,
  type SolveCallOptions,
  type SolveOptions,
  type StatusUpdate,
} from '@hlb/buildkit';

/** Waits for whoever wants to look at what failed, while the gateway is still open. */
export type Held = (gateway: Gateway, error: BuildkitError) => Promise<void>;

/** A solve in which this client takes the frontend's part, and makes the result itself. Otherwise as `solve` of `@hlb/buildkit`. */
export function clientSolve(
  connection: Connection,
  request: Omit<SolveOptions, 'definition'>,
  call: SolveCallOptions,
  result: (gateway: Gateway) => Promise<GatewayResult>,
  held?: Held,
): Solve {
  const { cacheImports: _, ...build } = request;
  const ref = request.ref ?? newRef();
  const opening = openGateway(connection, { ...build, ref }, call);
  const done = opening.then(async (gateway) => {
    try {
      return await gateway.return(await result(gateway));
    } catch (error) {
      if (error instanceof BuildkitError) await held?.(gateway, error);
      gateway.cancel();
      throw error;
    }
  });
  done.catch(() => undefined);
  return { ref, done, updates: newsOf(opening) };
}

async function* newsOf(opening: Promise<Gateway>): AsyncGenerator<StatusUpdate> {
  const gateway = await opening.catch(() => undefined);
  if (gateway !== undefined) yield* gateway.updates;
}
