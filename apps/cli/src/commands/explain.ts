import {
  type ExplainedStep,
  type Explanation,
  explainBuild,
  HistoryStore,
  historyFolder,
  type Reason,
  shownText,
} from '@hlb/history';
import pc from 'picocolors';
import { CommandError } from '../command-error.js';
import { reasonLines, stepTitle } from '../explain/reason-text.js';
import { targetKey } from '../explain/remember.js';
import { type Io, wantsColor, write } from '../process/io.js';
import type { GlobalOptions } from '../program/options.js';
import { counted } from '../views/units.js';
import { visibleText } from '../views/visible-text.js';

export interface ExplainOptions extends GlobalOptions {
  readonly file: string;
  readonly target: string;
  readonly json?: boolean;
}

/** `hlb explain`: why the steps of the last build of a target were not taken from the cache. */
export async function explain(io: Io, options: ExplainOptions): Promise<number> {
  const { file, target } = options;
  const [last, before] = new HistoryStore(historyFolder(io.env)).load(targetKey(io, file, target));
  if (last === undefined) {
    const flag = target === 'default' ? '' : ` -t ${target}`;
    throw new CommandError(`no build of the target ${JSON.stringify(target)} of ${file} is remembered`, {
      helps: [`Build it first: hlb run ${file}${flag}. Builds of other users and other machines are not known here.`],
    });
  }
  const explanation = explainBuild(last, before);
  if (options.json === true) await write(io.stdout, `${JSON.stringify(toJson(explanation, options))}\n`);
  else
    await write(io.stdout, toText(explanation, options, pc.createColors(wantsColor(io.stdout, options.color, io.env))));
  return 0;
}

function toText(
  explanation: Explanation,
  { file, target }: ExplainOptions,
  colors: ReturnType<typeof pc.createColors>,
): string {
  const { run, before, steps, cached } = explanation;
  const now = Date.now();
  const ended = run.outcome === 'done' ? 'built' : run.outcome === 'failed' ? 'failed' : 'cancelled';
  const compared = before === undefined ? '' : `, compared with the build ${ago(now - before.time)}`;
  const lines = [`${visibleText(target)} of ${visibleText(file)}, ${ended} ${ago(now - run.time)}${compared}`];
  const fromCache = cached === 0 ? '' : `; ${counted(cached, 'step')} came from the cache`;
  if (steps.length === 0) {
    lines.push(cached === 0 ? 'No step was run.' : `No step was run${fromCache}.`);
    return `${lines.join('\n')}\n`;
  }
  lines.push(`${counted(steps.length, 'step')} ${steps.length === 1 ? 'was' : 'were'} run${fromCache}.`);
  for (const step of steps) {
    const state = step.state === 'ran' ? '' : colors.red(` (${step.state})`);
    lines.push('', `${colors.bold(stepTitle(step))}${state}`);
    const [followed, own] = [true, false].map((isInput) =>
      unrepeated(newlyTold(step, steps).filter(({ kind }) => (kind === 'input') === isInput)).flatMap((reason) =>
        reasonLines(reason, steps, colors),
      ),
    );
    // Several inputs may lead to the same first cause.
    lines.push(...[...(own ?? []), ...new Set(followed)].map((line) => `  ${line}`));
  }
  return `${lines.join('\n')}\n`;
}

/** What is not told of a step with which it began: a variable that changed holds for all later commands. */
function newlyTold(step: ExplainedStep, steps: readonly ExplainedStep[]): readonly Reason[] {
  const told = new Set(
    step.causes.flatMap((place) => {
      const cause = steps[place];
      return cause === undefined || cause === step ? [] : cause.reasons.map((reason) => JSON.stringify(reason));
    }),
  );
  return step.reasons.filter((reason) => !told.has(JSON.stringify(reason)));
}

function unrepeated(reasons: readonly Reason[]): readonly Reason[] {
  const seen = new Set<string>();
  return reasons.filter((reason) => {
    const key = JSON.stringify(reason);
    return !seen.has(key) && seen.add(key);
  });
}

function toJson({ run, before, cached, steps }: Explanation, { file, target }: ExplainOptions): unknown {
  return {
    file,
    target,
    build: buildJson(run),
    ...(before === undefined ? {} : { before: buildJson(before) }),
    cached,
    steps: steps.map((step) => ({
      ...step,
      name: shownText(step.name),
      reasons: unrepeated(step.reasons).map(reasonJson),
    })),
  };
}

function buildJson({ time, outcome, engine }: Explanation['run']): unknown {
  return { time: new Date(time).toISOString(), outcome, engine };
}

/** The reason with dots for what is hidden. */
function reasonJson(reason: Reason): unknown {
  return Object.fromEntries(
    Object.entries(reason).map(([key, value]) => [key, typeof value === 'string' ? shownText(value) : value]),
  );
}

function ago(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return ms < 1_000 ? 'just now' : `${counted(Math.floor(ms / 1_000), 'second')} ago`;
  if (minutes < 60) return `${counted(minutes, 'minute')} ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${counted(hours, 'hour')} ago` : `${counted(Math.floor(hours / 24), 'day')} ago`;
}
