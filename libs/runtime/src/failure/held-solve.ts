import {
  BuildkitError,
  type Connection,
  type Gateway,
  newRef,
  openGateway,
  type Solve,
  type SolveCallOptions,
  type SolveOptions,
  type StatusUpdate,
} from '@hlb/buildkit';

/**
 * A solve whose failure can be looked at: this client is the frontend of the build and evaluates the definition itself, so that the
 * engine keeps what the failed op had mounted until `held` settles. Otherwise as `solve` of `@hlb/buildkit`.
 */
export function heldSolve(
  connection: Connection,
  request: SolveOptions,
  call: SolveCallOptions,
  held: (gateway: Gateway, error: BuildkitError) => Promise<void>,
): Solve {
  const { definition, cacheImports, ...build } = request;
  const ref = request.ref ?? newRef();
  const opening = openGateway(connection, { ...build, ref }, call);
  const done = opening.then(async (gateway) => {
    try {
      const result = await gateway.solve({
        ...(definition === undefined ? {} : { definition }),
        ...(cacheImports === undefined ? {} : { cacheImports }),
        evaluate: true,
      });
      return await gateway.return(result);
    } catch (error) {
      if (error instanceof BuildkitError) await held(gateway, error);
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
