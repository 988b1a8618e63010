import type { Connection, Solve, SolveCallOptions, SolveOptions } from '@hlb/buildkit';
import { clientSolve, type Held } from '../session/client-solve.js';

/**
 * A solve whose failure can be looked at: this client is the frontend of the build and evaluates the definition itself, so that the
 * engine keeps what the failed op had mounted until `held` settles.
 */
export function heldSolve(connection: Connection, request: SolveOptions, call: SolveCallOptions, held: Held): Solve {
  const { definition, ...build } = request;
  const { cacheImports } = request;
  return clientSolve(
    connection,
    build,
    call,
    (gateway) =>
      gateway.solve({
        ...(definition === undefined ? {} : { definition }),
        ...(cacheImports === undefined ? {} : { cacheImports }),
        evaluate: true,
      }),
    held,
  );
}
