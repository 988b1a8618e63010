import { sourceFile } from '@hlb/diagnostics';
import { hostFacts, joinFacts } from '@hlb/facts';
import { decodeOp } from '@hlb/llb';
import { compileWithModules } from '@hlb/modules';
import { type Plan, resolveLater, type Step, type StepResults } from '@hlb/plan';
import { type Build, execute, openBuild, type SolveEvent } from '@hlb/runtime';
import { lastValueFrom, toArray } from 'rxjs';
import { expect, onTestFinished } from 'vitest';
import { testEngine } from './test-engine.js';

/** What a run of a program was. */
export interface Ran {
  readonly build: Build;
  readonly plan: Plan;
  /** When it was begun, in ms since 1970. */
  readonly begun: number;
  readonly events: readonly SolveEvent[];
}

/** Compiles and runs a program in a folder, as `hlb run` does. */
export async function runIn(folder: string, program: string, targets: readonly string[] = ['default']): Promise<Ran> {
  const build = await openBuild({ address: testEngine().address });
  onTestFinished(() => build.close());
  const compiled = await compileWithModules(sourceFile('build.hlb', program), {
    targets,
    path: 'build.hlb',
    platform: 'linux/amd64',
    facts: joinFacts(hostFacts({ cwd: folder }), build.facts),
    sessionId: build.sessionId,
    verify: true,
  });
  expect(compiled.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (compiled.plan === undefined) throw new Error('no plan');
  const begun = Date.now();
  const events = await lastValueFrom(execute(compiled.plan, build).pipe(toArray()));
  return { build, plan: compiled.plan, begun, events };
}

/** The directories that went to the engine: name and number of calls. */
export function sent(events: readonly SolveEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.kind !== 'transfer' || event.direction !== 'send' || event.state !== 'done') continue;
    counts.set(event.name, (counts.get(event.name) ?? 0) + 1);
  }
  return counts;
}

/** The `local.session` of every local that a step's own definitions hold. */
export function sessionsOf(step: Step, results: StepResults): (string | undefined)[] {
  if (step.kind === 'fact') return [];
  const definitions =
    step.kind === 'frontend'
      ? [...step.inputs.values()].map((input) => resolveLater(input, results))
      : [resolveLater(step.definition, results)];
  return definitions.flatMap(({ def }) =>
    def.flatMap((bytes) => {
      const { op } = decodeOp(bytes);
      if (op?.$case !== 'source' || !op.value.identifier.startsWith('local://')) return [];
      return [op.value.attrs.get('local.session')];
    }),
  );
}

/** Transfers that failed. */
export function failedTransfers(events: readonly SolveEvent[]): SolveEvent[] {
  return events.filter((event) => event.kind === 'transfer' && event.state === 'failed');
}

/**
 * The longest time in which no vertex ran, in ms, by the engine's own clock: structure of the stream, not time of this test. A vertex that
 * another build is done with may be told with the times of that one, which say nothing of this.
 */
export function longestGap({ begun, events }: Pick<Ran, 'begun' | 'events'>): number {
  const intervals = events
    .flatMap((event) =>
      event.kind === 'vertex' && (event.started ?? 0) >= begun && event.completed !== undefined
        ? [[event.started ?? 0, event.completed] as const]
        : [],
    )
    .sort((a, b) => a[0] - b[0]);
  let end = intervals[0]?.[0] ?? Number.NaN;
  let longest = Number.NEGATIVE_INFINITY;
  for (const [start, stop] of intervals) {
    longest = Math.max(longest, start - end);
    end = Math.max(end, stop);
  }
  return longest;
}
