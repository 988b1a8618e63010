import { openSession, type Session, solve, type TargetHandle } from '@hlb/buildkit';
import { type Output, type OutputStep, resolveLater, type StepResult, type StepResults } from '@hlb/plan';
import { exporterOf, isClientSide } from './exporters.js';
import type { StepRun } from './step-run.js';

/**
 * Solves a definition and puts what it gives where its outputs say. The engine names an output that comes to this client only by
 * its place in its own solve, so such a solve has a session of its own for what comes back; locals still come from the build's.
 */
export async function runOutputStep(step: OutputStep, results: StepResults, run: StepRun): Promise<StepResult> {
  const { build, signal } = run;
  const own = step.outputs.some(isClientSide);
  const session = own ? await openSession(build.connection, { name: 'hlb', signal }) : build.session;
  const stop = own ? session.onTransfer((transfer) => run.transfer(session.id, transfer)) : (): void => {};
  const targets = step.outputs.map((output, place) => ({ output, handle: addTarget(session, output, place) }));
  try {
    // Whether a destination can be written is found out before anything is built for it.
    for (const { handle } of targets) await handle?.prepare();
    const build_ = solve(
      build.connection,
      {
        definition: resolveLater(step.definition, results),
        exporters: step.outputs.map((output) => exporterOf(output, results)),
        session: session.id,
        entitlements: step.entitlements,
      },
      { signal },
    );
    run.started(build_.ref);
    const failed = targets.map(({ handle }) => failureOf(handle));
    const [response] = await Promise.all([Promise.race([build_.done, ...failed]), run.hear(build_)]);
    for (const { output, handle } of targets) {
      await handle?.commit();
      run.written(step, output, results, response);
    }
    return { kind: 'output', response };
  } finally {
    for (const { handle } of targets) await handle?.discard();
    stop();
    if (own) await session.close();
  }
}

function addTarget(session: Session, output: Output, exporterId: number): TargetHandle | undefined {
  switch (output.kind) {
    case 'directory':
      return session.addTarget({ exporterId, kind: 'directory', path: output.path });
    case 'tar':
    case 'oci-tar':
    case 'docker-tar':
      return session.addTarget({ exporterId, kind: 'file', path: output.path });
    case 'load':
    case 'push':
      return undefined;
  }
}

/** Rejects when a target fails; never resolves, since only the solve tells when it is done. */
function failureOf(handle: TargetHandle | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    handle?.done.catch(reject);
  });
}
