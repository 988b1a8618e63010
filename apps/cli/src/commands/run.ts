import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import { LoweringProblem, Timings } from '@hlb/lowering';
import { ModuleEngine, type ReadProgram, readProgram } from '@hlb/modules';
import type { Plan } from '@hlb/plan';
import { type Build, type ExecuteOptions, execute, SolvedGraph, SolveError } from '@hlb/runtime';
import { annotations } from '../annotations.js';
import {
  type CompileFacts,
  compileFacts,
  compileProgram,
  factsFailure,
  hostPlatformName,
  importMistakes,
} from '../compiling.js';
import { openProject, type PipelineChoice, programFolder } from '../config/project.js';
import { withRunDefaults } from '../config/run-defaults.js';
import { EarlyConnection } from '../engine/early-connection.js';
import { openChosenBuild } from '../engine/engine-choice.js';
import { BuildMemory } from '../explain/remember.js';
import { explainFailure } from '../failure/explain-failure.js';
import { INTERRUPTED, type Interrupt, onInterrupt } from '../process/interrupt.js';
import { type Io, write } from '../process/io.js';
import type { GlobalOptions } from '../program/options.js';
import type { RunFlags } from '../program/run.js';
import { drawn, hasErrors, report, reportFailures } from '../report.js';
import { failuresOf, GoingOn } from '../running/going-on.js';
import { buildMetadata, writeMetadata } from '../running/metadata-file.js';
import { compilePlatforms, missingEmulators, platformsOf } from '../running/run-platforms.js';
import { type ReadSettings, readSettings } from '../settings/settings-flags.js';
import { FailureHold } from '../shell/failure-hold.js';
import { requireTerminal } from '../shell/on-failure.js';
import { readSource } from '../source/source-input.js';
import { writeTimings } from '../timings.js';
import { BuildState } from '../views/build-state.js';
import { chooseView } from '../views/choose-view.js';
import { endOfBuild, textOfTarget } from '../views/ending/ending.js';
import { onGithubActions } from '../views/plain/actions-commands.js';
import type { View } from '../views/view.js';

export interface RunOptions extends GlobalOptions, RunFlags {
  readonly file: string;
}

/** After an interruption the engine is told to stop; if it doesn't answer within this many ms, we end all the same. */
const PATIENCE = 700;

/** `hlb run`: checks, compiles and runs the targets. */
export async function run(io: Io, options: RunOptions): Promise<number> {
  if (options.onFailure !== undefined) requireTerminal(io);
  const early = new EarlyConnection(io, options.engine);
  try {
    return await runFile(io, options, early);
  } finally {
    await early.close();
  }
}

async function runFile(io: Io, options: RunOptions, early: EarlyConnection): Promise<number> {
  const file = await readSource(io, options.file);
  // What is wrong with the program is said before an engine is needed.
  const timings = new Timings();
  const program = readProgram(file, timings);
  const wrong = await mistakes(io, program, options);
  if (hasErrors(wrong)) {
    if (options.timings === true) await writeTimings(io, timings.all, options.logOutput === 'rawjson');
    await report(io, wrong, options);
    return 1;
  }
  const project = await openProject(io, options, programFolder(io, options.file));
  try {
    if (hasErrors(project.diagnostics)) {
      await report(io, project.diagnostics, options);
      return 1;
    }
    const all = withRunDefaults(io, options, project.config);
    return await runTargets(io, program, all, {
      ...project.pipeline,
      ...{ timings, early, settings: await readSettings(io, all) },
    });
  } finally {
    await project.close();
  }
}

/** What is known before an engine is. */
interface Prepared extends PipelineChoice {
  readonly timings: Timings;
  readonly early: EarlyConnection;
  readonly settings: ReadSettings;
}

async function runTargets(io: Io, program: ReadProgram, options: RunOptions, prepared: Prepared): Promise<number> {
  const { timings, early, settings: read, ...pipeline } = prepared;
  const { settings, allow, notices } = read;
  const interrupt = onInterrupt();
  const state = new BuildState();
  const view = await chooseView(io, options, state);
  let build: Build | undefined;
  try {
    const opening = openChosenBuild(io, {
      engine: options.engine,
      signal: interrupt.signal,
      notice: (text) => view.notice(text),
      ...{ settings, early },
    });
    build = await timings.wait('connect', opening);
    for (const text of [...notices, ...build.notices]) view.notice(`warning: ${text}`);
    const asked = await compileFacts(io, options, build.facts, interrupt.signal);
    const opened = build;
    const modules = new ModuleEngine({
      open: async () => opened,
      facts: asked.facts,
      signal: interrupt.signal,
      onEvent: (event) => view.event(event),
    });
    const platforms = platformsOf(options.platform, hostPlatformName());
    const { signal } = interrupt;
    const around = {
      asked,
      modules,
      signal,
      sessionId: build.sessionId,
      allow,
      severalPlatforms: platforms.length > 1,
    };
    const compiled = await compilePlatforms(platforms, asked.facts, async (platform, facts) => {
      const more = { ...around, ...pipeline, asked: { ...asked, facts } };
      const one = await compileProgram(program, options.file, { ...options, platform }, more);
      for (const [stage, time] of one.timings) timings.add(stage, time);
      return one;
    });
    await asked.record();
    if (compiled.plan === undefined || hasErrors(compiled.diagnostics)) {
      view.end('failed');
      await report(io, compiled.diagnostics, options);
      return 1;
    }
    if (compiled.diagnostics.length > 0) {
      view.notice(await drawn(io, compiled.diagnostics, options));
      if (onGithubActions(io.env) && talks(options)) {
        await write(io.stderr, await annotations(io, compiled.diagnostics));
      }
    }
    for (const text of missingEmulators(build, compiled.plan, platforms)) view.notice(`warning: ${text}`);
    const running = runPlan(io, compiled.plan, build, {
      ...{ options, view, state, interrupt, asked, files: compiled.files },
    });
    return await timings.wait('build', running).finally(() => asked.record());
  } catch (error) {
    if (!interrupt.signal.aborted) throw factsFailure(error);
    view.end('cancelled');
    return INTERRUPTED;
  } finally {
    if (options.timings === true) {
      if (talks(options)) await write(io.stderr, '\n');
      await writeTimings(io, timings.all, options.logOutput === 'rawjson');
    }
    await closeInTime(build, interrupt.signal.aborted);
    // Only now: an interruption while all is being closed does not end the process halfway.
    interrupt.dispose();
  }
}

interface Running {
  readonly options: RunOptions;
  readonly view: View;
  readonly state: BuildState;
  readonly interrupt: Interrupt;
  /** What steps ask that wait for others. */
  readonly asked: CompileFacts;
  /** Of the program and its modules. */
  readonly files: readonly SourceFile[];
}

async function runPlan(io: Io, plan: Plan, build: Build, running: Running): Promise<number> {
  const { options, view, state, interrupt, files } = running;
  const graph = new SolvedGraph();
  const explain = async (error: SolveError): Promise<Diagnostic> =>
    // What a step's result showed to be wrong with the program, such as a name that is none, is the cause of its failure.
    error.cause instanceof LoweringProblem
      ? error.cause.diagnostic
      : explainFailure(error, { plan, graph, state, files, cwd: io.cwd, env: io.env });
  const { signal } = interrupt;
  const memory = new BuildMemory(build);
  const hold = new FailureHold({
    ...{ io, wanted: options.onFailure, view, state, signal },
    report: async (error) => reportFailures(io, [await explain(error)], options),
  });
  const executing: ExecuteOptions = {
    facts: running.asked.facts,
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
    keepGoing: options.keepGoing === true,
    onDefinition: (step, definition) => {
      graph.add(step, definition);
      memory.define(io, plan, graph, step);
    },
    ...hold.options,
  };
  const goingOn = new GoingOn();
  const outcome = await new Promise<
    { readonly kind: 'done' | 'cancelled' } | { readonly kind: 'failed'; readonly error: unknown }
  >((resolve) => {
    const subscription = execute(plan, build, executing).subscribe({
      next: (event) => {
        hold.event(event);
        memory.take(event);
        if (event.kind === 'output' && event.output === 'push' && event.digest !== undefined) {
          running.asked.pushed(event.destination, event.digest);
        }
        goingOn.take(event, view);
      },
      error: (error: unknown) => resolve({ kind: 'failed', error }),
      complete: () => resolve({ kind: 'done' }),
    });
    const cancel = (): void => {
      subscription.unsubscribe();
      resolve({ kind: 'cancelled' });
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  });
  hold.end(outcome.kind);
  if (outcome.kind === 'done' && options.metadataFile !== undefined) {
    const docker = build.connection.kind === 'docker';
    await writeMetadata(io, options.metadataFile, buildMetadata(plan, state.outputs, { docker }));
  }
  if (talks(options)) await write(io.stderr, endOfBuild(io, state, outcome.kind, goingOn.leftOut));
  for (const { text } of state.texts) await write(io.stdout, textOfTarget(io, text));
  const keep = (): void => memory.keep(io, options.file, { plan, graph, files, outcome: outcome.kind });
  if (outcome.kind !== 'failed') {
    keep();
    return outcome.kind === 'done' ? 0 : INTERRUPTED;
  }
  if (!(outcome.error instanceof SolveError)) throw outcome.error;
  const untold = failuresOf(outcome.error).filter((error) => !hold.hasReported(error));
  await reportFailures(io, await Promise.all(untold.map(explain)), options);
  keep();
  return 1;
}

/** Whether the end of a build is told in sentences. */
function talks({ logOutput }: RunOptions): boolean {
  return logOutput !== 'quiet' && logOutput !== 'rawjson';
}

/** What keeps the targets from being compiled, as far as the program and the modules that are here tell. */
async function mistakes(io: Io, program: ReadProgram, options: RunOptions): Promise<readonly Diagnostic[]> {
  const targets = options.target.length === 0 ? ['default'] : options.target;
  const { checked, syntax } = program;
  const own = [...syntax, ...checked.blocking(targets)];
  return hasErrors(own)
    ? own
    : (await importMistakes(io, options.file, checked, { targets }, options)).filter((one) => one.severity === 'error');
}

/** Closes the build; after an interruption only as long as a person waits without wondering. */
async function closeInTime(build: Build | undefined, interrupted: boolean): Promise<void> {
  if (build === undefined) return;
  const closing = build.close();
  if (!interrupted) return closing;
  await Promise.race([closing, new Promise<void>((resolve) => setTimeout(resolve, PATIENCE).unref())]);
}
