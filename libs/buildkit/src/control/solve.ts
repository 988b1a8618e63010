import { CONNECTION } from '../arguments/engine-forms.js';
import { checkArguments } from '../arguments/forms.js';
import { requireCapabilities } from '../capabilities/required.js';
import type { Connection } from '../connect/connection.js';
import { configOfFrontendsAlone, solveWithConfig } from './image-config.js';
import { checkWork, SOLVE_CALL, SOLVE_OPTIONS } from './solve-forms.js';
import type { SolveOptions } from './solve-request.js';
import { newRef, type Solve, type SolveCallOptions, startSolve } from './start-solve.js';
import type { StatusUpdate } from './status.js';

/**
 * Starts a build. One that asks for what this engine would leave out without a word fails before it begins, with an error that names
 * the release of BuildKit that brought it.
 * @throws TypeError for a request that names nothing to build, or has another form than its type. All else is told by `done`
 */
export function solve(connection: Connection, options: SolveOptions, call: SolveCallOptions = {}): Solve {
  checkArguments('solve', {
    connection: [connection, CONNECTION],
    options: [options, SOLVE_OPTIONS],
    call: [call, SOLVE_CALL],
  });
  checkWork(options);
  const ref = options.ref ?? newRef();
  const config = configOfFrontendsAlone(connection, options);
  if (config !== undefined) return solveOf(ref, solveWithConfig(connection, config, { ...options, ref }, call));
  const required = requireCapabilities(connection, options, call.signal);
  if (required === undefined) {
    try {
      return startSolve(connection, ref, options, call);
    } catch (error) {
      return solveOf(ref, Promise.reject(error));
    }
  }
  return solveOf(
    ref,
    required.then(() => startSolve(connection, ref, options, call)),
  );
}

/** A build that is still to begin, or never will. */
function solveOf(ref: string, started: Promise<Solve>): Solve {
  const done = started.then((build) => build.done);
  done.catch(() => undefined); // who doesn't look at it learns nothing, as with a build that began
  return { ref, done, updates: updatesOf(started) };
}

/** The news of a build that may never begin. */
async function* updatesOf(started: Promise<Solve>): AsyncGenerator<StatusUpdate, void, undefined> {
  const build = await started.catch(() => undefined);
  if (build !== undefined) yield* build.updates;
}
