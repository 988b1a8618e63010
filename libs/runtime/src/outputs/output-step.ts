import type { Attributes, SolveOptions, TargetHandle } from '@hlb/buildkit';
import { type OutputStep, resolveLater, type StepResult } from '@hlb/plan';
import { attestationAttrs, commonOptions } from '../settings/solve-settings.js';
import type { StepRun } from '../steps/step-run.js';
import { findImageLoader } from './image-loader.js';
import { type ExportForms, isArchive, type OutputExport, outputExport } from './output-export.js';
import { type ReceivingSession, receivingSession } from './receiving-session.js';
import { requireSupport, unsupported } from './require-support.js';
import { solveGroups } from './solve-groups.js';

/** Solves a definition and puts what it gives where its outputs say: whole, or not at all. */
export async function runOutputStep(step: OutputStep, run: StepRun): Promise<StepResult> {
  requireSupport(run.build.connection, step);
  const exports: OutputExport[] = [];
  for (const output of step.outputs) {
    exports.push(outputExport(output, run.results, await exportForms(step, output.kind === 'load', run)));
  }
  await run.caches.include(step, run.results);
  const response = new Map<string, string>();
  for (const group of await groupedBySolve(exports, run)) {
    for (const [key, value] of await deliver(step, group, run)) response.set(key, value);
  }
  return { kind: 'output', response };
}

async function exportForms(step: OutputStep, load: boolean, { build }: StepRun): Promise<ExportForms> {
  const { connection, env, settings } = build;
  const epoch = settings.sourceDateEpoch;
  // Engines that take several exporters can also set the times of files.
  const rewritesTimes = epoch !== undefined && (await build.gateway()).llbCaps.has('exporter.multiple');
  const forms = { loader: undefined, byPlatform: step.parts !== undefined, epoch, rewritesTimes };
  if (!load || connection.kind === 'docker') return forms;
  const loader = await findImageLoader(connection.address, env);
  if (loader === undefined) {
    throw unsupported(
      step,
      'this engine has no images into which one could be loaded, and neither docker nor podman answers on this host',
      'Start one of them, or use dockerPush or downloadDockerTarball.',
    );
  }
  return { ...forms, loader };
}

/** All outputs in one solve, where that can be; else one after the other. */
async function groupedBySolve(
  exports: readonly OutputExport[],
  { build }: StepRun,
): Promise<readonly (readonly OutputExport[])[]> {
  if (exports.length < 2) return [exports];
  const { llbCaps } = await build.gateway();
  return solveGroups(exports, {
    several: llbCaps.has('exporter.multiple'),
    attested: build.settings.attestations !== undefined,
  });
}

/** An output, and what takes it in on this host. */
interface Delivery {
  readonly one: OutputExport;
  readonly handle: TargetHandle | undefined;
}

/** One solve with its outputs. */
async function deliver(step: OutputStep, exports: readonly OutputExport[], run: StepRun): Promise<Attributes> {
  const receiving = await receivingSession(step, exports, run);
  // Ends the solve when an output fails: there is nothing to be had from it any more.
  const stop = new AbortController();
  const deliveries: Delivery[] = [];
  try {
    for (const [exporterId, one] of exports.entries()) {
      const handle =
        one.target === undefined ? undefined : receiving.session.addTarget({ ...one.target(), exporterId });
      deliveries.push({ one, handle });
      // Whether a destination can be written is found out before anything is built for it.
      await handle?.prepare();
    }
    return await solveInto(step, deliveries, receiving, run, stop);
  } finally {
    // After a commit this does nothing.
    for (const { handle } of deliveries) await handle?.discard();
    await receiving.release();
  }
}

async function solveInto(
  step: OutputStep,
  deliveries: readonly Delivery[],
  { session }: ReceivingSession,
  run: StepRun,
  stop: AbortController,
): Promise<Attributes> {
  const running = run.solve({ ...requestOf(step, deliveries, run), session: session.id }, stop.signal);
  run.started(running.ref);
  const heard = run.hear(running);
  try {
    const response = await Promise.race([running.done, ...deliveries.map(({ handle }) => failureOf(handle))]);
    for (const { one, handle } of deliveries) {
      await handle?.commit();
      run.written(one.output, one.destination, { ref: running.ref, answer: answerOf(one, handle, response) });
    }
    await run.caches.exported(response);
    return response;
  } catch (error) {
    stop.abort(error);
    throw error;
  } finally {
    await heard;
  }
}

function requestOf(step: OutputStep, deliveries: readonly Delivery[], run: StepRun): SolveOptions {
  const { settings } = run.build;
  const archive = deliveries.some(({ one }) => isArchive(one));
  return {
    definition: resolveLater(step.definition, run.results),
    exporters: deliveries.map(({ one }) => one.exporter),
    entitlements: step.entitlements,
    frontendAttrs: archive ? new Map() : attestationAttrs(settings),
    cacheExports: run.caches.own(step),
    ...commonOptions(settings),
  };
}

/** Rejects when a target fails; never resolves, since only the solve tells when it is done. */
function failureOf(handle: TargetHandle | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    handle?.done.catch(reject);
  });
}

/** Each exporter that sends something tells its own answer along with it; that of the solve has only the last one's. */
function answerOf({ output }: OutputExport, handle: TargetHandle | undefined, response: Attributes): Attributes {
  if (output.kind === 'directory' || output.kind === 'tar') return new Map();
  return handle === undefined || handle.metadata.size === 0 ? response : handle.metadata;
}
