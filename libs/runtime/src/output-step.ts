import type { Session, TargetHandle } from '@hlb/buildkit';
import { type OutputStep, resolveLater, type StepResult } from '@hlb/plan';
import type { Build } from './build.js';
import { SolveError } from './events.js';
import { type OutputExport, outputExport } from './exporters.js';
import { serveNeeds } from './session-needs.js';
import type { StepRun } from './step-run.js';

/** Solves a definition and puts what it gives where its outputs say: whole, or not at all. */
export async function runOutputStep(step: OutputStep, run: StepRun): Promise<StepResult> {
  requireSupport(run.build, step);
  const exports = step.outputs.map((output) => outputExport(output, run.results));
  const response = new Map<string, string>();
  for (const group of await groupedBySolve(run.build, exports)) {
    for (const [key, value] of await deliver(step, group, run)) response.set(key, value);
  }
  return { kind: 'output', response };
}

/** All outputs in one solve, where the engine can do that; else one after the other. */
async function groupedBySolve(
  build: Build,
  exports: readonly OutputExport[],
): Promise<readonly (readonly OutputExport[])[]> {
  if (exports.length < 2) return [exports];
  const { llbCaps } = await build.gateway();
  return llbCaps.has('exporter.multiple') ? [exports] : exports.map((one) => [one]);
}

/** One solve with its outputs. */
async function deliver(
  step: OutputStep,
  exports: readonly OutputExport[],
  run: StepRun,
): Promise<ReadonlyMap<string, string>> {
  const { session, release } = await receivingSession(step, exports, run);
  // Ends the solve when an output fails: there is nothing to be had from it any more.
  const stop = new AbortController();
  const targets: { readonly one: OutputExport; readonly handle: TargetHandle | undefined }[] = [];
  try {
    for (const [exporterId, one] of exports.entries()) {
      const handle = one.target === undefined ? undefined : session.addTarget({ ...one.target, exporterId });
      targets.push({ one, handle });
      // Whether a destination can be written is found out before anything is built for it.
      await handle?.prepare();
    }
    const running = run.solve(
      {
        definition: resolveLater(step.definition, run.results),
        exporters: exports.map(({ exporter }) => exporter),
        session: session.id,
        entitlements: step.entitlements,
      },
      stop.signal,
    );
    run.started(running.ref);
    const heard = run.hear(running);
    try {
      const response = await Promise.race([running.done, ...targets.map(({ handle }) => failureOf(handle))]);
      for (const { one, handle } of targets) {
        await handle?.commit();
        run.written(one.output, one.destination, digestOf(one, handle, response));
      }
      return response;
    } catch (error) {
      stop.abort(error);
      throw error;
    } finally {
      await heard;
    }
  } finally {
    // After a commit this does nothing.
    for (const { handle } of targets) await handle?.discard();
    await release();
  }
}

/** Rejects when a target fails; never resolves, since only the solve tells when it is done. */
function failureOf(handle: TargetHandle | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    handle?.done.catch(reject);
  });
}

/** Each exporter tells its own digest along with what it sends; the answer of the solve has only the last. */
function digestOf(
  { output }: OutputExport,
  handle: TargetHandle | undefined,
  response: ReadonlyMap<string, string>,
): string | undefined {
  if (output.kind === 'directory' || output.kind === 'tar') return undefined;
  return handle?.metadata.get('containerimage.digest') ?? response.get('containerimage.digest');
}

/** Sessions that await outputs. */
const receiving = new WeakSet<Session>();

/**
 * A session that awaits no other output: the engine names an output that comes to this client only by its place in its own solve. It
 * is the build's where that one is free, else one for what comes back; locals still come from the build's.
 */
async function receivingSession(
  step: OutputStep,
  exports: readonly OutputExport[],
  run: StepRun,
): Promise<{ readonly session: Session; release(): Promise<void> }> {
  const { build, signal } = run;
  if (exports.every(({ target }) => target === undefined)) return { session: build.session, release: async () => {} };
  if (!receiving.has(build.session)) {
    receiving.add(build.session);
    return {
      session: build.session,
      release: async () => {
        receiving.delete(build.session);
      },
    };
  }
  const session = await build.openSibling(signal);
  const stop = session.onTransfer((transfer) => run.transfer(session.id, transfer));
  await serveNeeds(session, { ...step.session, directories: [] }, build.env);
  return {
    session,
    release: async () => {
      await session.close();
      stop();
    },
  };
}

/** Docker's engine on its classic image store can't export images; a stand-alone engine has none of its own. */
function requireSupport({ connection }: Build, step: OutputStep): void {
  const [worker] = connection.workers;
  const classic =
    connection.kind === 'docker' && worker?.Labels.has('org.mobyproject.buildkit.worker.snapshotter') === false;
  for (const { kind } of step.outputs) {
    const exportsImage = kind === 'push' || kind === 'oci-tar' || kind === 'docker-tar';
    if (exportsImage && classic) {
      throw unsupported(step, 'this Docker engine cannot export images', 'Turn its containerd image store on.');
    }
    if (kind === 'load' && connection.kind !== 'docker') {
      throw unsupported(
        step,
        'this engine has no images into which one could be loaded: it is a BuildKit of its own',
        'Use dockerPush or downloadDockerTarball, or the engine in Docker.',
      );
    }
  }
}

function unsupported(step: OutputStep, message: string, help: string): SolveError {
  return new SolveError(message, { reason: 'unsupported', step: step.id, places: [], calls: step.calls, help });
}
