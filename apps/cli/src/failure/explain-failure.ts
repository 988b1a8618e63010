import { dockerCredentials } from '@hlb/buildkit';
import { type Diagnostic, type DiagnosticCode, diagnostic, type SourceFile } from '@hlb/diagnostics';
import type { Plan } from '@hlb/plan';
import { failureCause, type SolvedGraph, type SolvedOp, type SolveError, type SolveErrorDetails } from '@hlb/runtime';
import type { BuildState } from '../views/build-state.js';
import { seconds } from '../views/units.js';
import type { VertexState } from '../views/vertex-state.js';
import { lastDrawn, visibleText } from '../views/visible-text.js';
import { type CauseWords, causeWords, wantedRegistry } from './cause-words.js';
import { commandNote } from './command-note.js';
import { exitHelps, exitWords } from './exit-words.js';
import { failedAction, failurePlaces } from './failed-action.js';
import { explainMissingPath } from './missing-path.js';
import { frontendFiles, placeSpan } from './program-place.js';

/** Lines of a failed command's log that its message shows. */
const SHOWN_LINES = 20;

const CODES: Readonly<Record<SolveErrorDetails['reason'], DiagnosticCode>> = {
  'command-failed': 'HLB0801',
  'solve-failed': 'HLB0802',
  'connection-lost': 'HLB0803',
  'output-failed': 'HLB0804',
  'source-unreadable': 'HLB0805',
  unsupported: 'HLB0806',
  cancelled: 'HLB0807',
};

/** What is known of a build that failed. */
export interface FailedBuild {
  readonly plan: Plan;
  /** What its steps solved. */
  readonly graph: SolvedGraph;
  readonly state: BuildState;
  /** Of the program and its modules. */
  readonly files: readonly SourceFile[];
  readonly cwd: string;
  /** Where the user's logins are looked up. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * A failed build as a diagnostic: our sentence, its place in the program, the calls that led there, the command and its environment,
 * the end of its log, what the engine said, and what to try.
 */
export async function explainFailure(error: SolveError, build: FailedBuild): Promise<Diagnostic> {
  const { details } = error;
  const { state, graph } = build;
  const foreign = frontendFiles(graph, build.files);
  const files = [...build.files, ...foreign];
  const found = details.places.map((place) => placeSpan(place, files)).filter((place) => place !== undefined);
  // A place in a Dockerfile says nothing of the program that uses it.
  const places = found.every(({ file }) => foreign.includes(file)) ? [...found, ...details.calls] : found;
  const vertex = details.vertex === undefined ? undefined : state.vertices.get(details.vertex);
  const op = details.vertex === undefined ? undefined : graph.op(details.vertex);
  const { calls, others } = failurePlaces(places, op, error);
  const [at, ...callers] = calls;
  const words = await knownWords(error, op, vertex, build);
  const own = messageOf(error, vertex, state);
  return diagnostic(CODES[details.reason], {
    message: words === undefined ? own : words.message,
    ...(at === undefined ? {} : { at, label: details.reason === 'command-failed' ? 'this command' : '' }),
    related: others.map((span) => ({ span, message: 'or this, which is done with it' })),
    frames: callers.reverse(),
    notes: [
      ...(words !== undefined && details.reason === 'command-failed' ? [own] : []),
      ...nameNote(vertex, op === undefined ? details.reason === 'command-failed' : op.op?.$case === 'exec'),
      ...commandNote(op, files),
      ...logNote(vertex),
      ...(words !== undefined && details.reason !== 'command-failed'
        ? [`the engine said: ${tidied(error.message)}`]
        : []),
    ],
    helps: details.help !== undefined ? [details.help] : (words?.helps ?? usualHelps(error)),
  });
}

/** Our own words for what is behind it, where it is one of the things that often go wrong. */
async function knownWords(
  error: SolveError,
  op: SolvedOp | undefined,
  vertex: VertexState | undefined,
  build: FailedBuild,
): Promise<CauseWords | undefined> {
  const { reason } = error.details;
  if (reason !== 'command-failed' && reason !== 'solve-failed' && reason !== 'unsupported') return undefined;
  const log = reason === 'command-failed' ? (vertex?.log.lines.slice(-SHOWN_LINES).join('\n') ?? '') : '';
  const cause = failureCause(error.message, log);
  if (cause === undefined) return undefined;
  if (cause.kind === 'path-missing') {
    const directories = build.plan.steps.flatMap(({ session }) => session.directories);
    const place = failedAction(op, error) ?? 0;
    return explainMissingPath(cause.path, op, place, build.graph, { directories, cwd: build.cwd });
  }
  const image = imageOf(op) ?? pushedImage(error.message);
  return causeWords(cause, {
    image,
    platform: op?.platform === undefined ? undefined : `${op.platform.OS}/${op.platform.Architecture}`,
    loggedIn: cause.kind === 'login-wanted' && (await hasLogin(wantedRegistry(cause, image, error.message), build.env)),
  });
}

function imageOf(op: SolvedOp | undefined): string | undefined {
  if (op?.op?.$case !== 'source') return undefined;
  const { identifier } = op.op.value;
  return identifier.startsWith('docker-image://') ? identifier.slice('docker-image://'.length) : undefined;
}

function pushedImage(message: string): string | undefined {
  return /failed to push ([^\s:]+(?::\d+\/[^\s:]+)?(?::[\w.-]+)?):/.exec(message)?.[1];
}

async function hasLogin(registry: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    const found = await dockerCredentials({ env }).credentials(
      registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry,
    );
    return found !== undefined;
  } catch {
    return false;
  }
}

function messageOf(error: SolveError, vertex: VertexState | undefined, state: BuildState): string {
  const { exitCode } = error.details;
  if (error.details.reason !== 'command-failed' || exitCode === undefined) return tidied(error.message);
  const after = vertex === undefined ? '' : ` after ${seconds(state.duration(vertex))}`;
  return `the command failed with ${exitWords(exitCode)}${after}`;
}

/** An engine's message on one line, without what means nothing to its reader. */
function tidied(message: string): string {
  return visibleText(
    message
      .replace(/\s*\n\s*/g, '; ')
      .replace(/^(?:failed to solve: |rpc error: code = \w+ desc = )+/, '')
      .replace(/[;\s]+$/, ''),
  );
}

function nameNote(vertex: VertexState | undefined, isCommand: boolean): string[] {
  if (vertex === undefined) return [];
  return [`${isCommand ? 'it ran' : 'the step'}: ${vertex.name}`];
}

function logNote(vertex: VertexState | undefined): string[] {
  if (vertex === undefined || vertex.log.total === 0) return [];
  const shown = vertex.log.lines.slice(-SHOWN_LINES);
  const left = vertex.log.total - shown.length;
  const head =
    vertex.clipped !== undefined
      ? `the last ${shown.length} lines of its log, which the engine cut at ${vertex.clipped}:`
      : left > 0
        ? `the last ${shown.length} of the ${vertex.log.total.toLocaleString('en-US')} lines it wrote:`
        : 'it wrote:';
  return [`${head}\n${shown.map((line) => `| ${visibleText(lastDrawn(line))}`).join('\n')}`];
}

function usualHelps(error: SolveError): readonly string[] {
  const { reason, exitCode } = error.details;
  if (reason === 'command-failed' && exitCode !== undefined) return exitHelps(exitCode);
  if (reason === 'connection-lost')
    return ['Look at the log of the engine, and run the build again: what was built is in its cache.'];
  return [];
}
