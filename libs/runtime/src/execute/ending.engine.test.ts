import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { marshal } from '@hlb/llb';
import { known, type Step, stepId } from '@hlb/plan';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { cuttableProxy } from '../fixtures/cuttable-proxy.js';
import {
  folder,
  mkfile,
  noNeeds,
  outputStep,
  planOf,
  platform,
  run,
  runToFailure,
  shell,
  solveStep,
} from '../fixtures/plans.js';
import { type Build, openBuild } from '../session/build.js';
import { execute } from './execute.js';

let build: Build;

beforeAll(async () => {
  build = await openBuild({ address: testEngine().address });
});

afterAll(() => build.close());

/** A command that never ends, and tells that it runs. */
function endless(): Step {
  return solveStep('solve-1', shell(`echo ${Date.now()} ${Math.random()}; sleep 1000`));
}

describe('an engine that is gone', () => {
  test('the step and the run end at once, and say why; no half output stays', async () => {
    const proxy = await cuttableProxy(testEngine().address);
    const cut = await openBuild({ address: proxy.address });
    onTestFinished(() => cut.close());
    const target = join(folder(), 'out');
    const command = shell(`echo ${Math.random()}; sleep 1000`);
    const { events, error } = await runToFailure(
      cut,
      [outputStep('download-1', command, [{ kind: 'directory', path: known(target) }])],
      {
        onEvent: (event) => event.kind === 'log' && proxy.cut(),
      },
    );
    expect(error.details).toMatchObject({ reason: 'connection-lost', step: 'download-1' });
    expect(error.message).toMatch(/^the connection to the engine was lost/);
    expect(events.at(-1)).toMatchObject({ kind: 'step-completed', error: error.message });
    expect(readdirSync(join(target, '..'))).toEqual([]);
    expect(await cut.closed).toBeInstanceOf(Error);
  });

  test('a session that is lost alone ends the build as well', async () => {
    const proxy = await cuttableProxy(testEngine().address);
    const cut = await openBuild({ address: proxy.address });
    onTestFinished(() => cut.close());
    const { error } = await runToFailure(cut, [endless()], {
      onEvent: (event) => event.kind === 'log' && proxy.connections.at(-1)?.destroy(),
    });
    expect(error.details.reason).toBe('connection-lost');
  });

  test('nothing starts on a build whose engine is gone', async () => {
    const proxy = await cuttableProxy(testEngine().address);
    const cut = await openBuild({ address: proxy.address });
    proxy.cut();
    await cut.closed;
    const { error } = await runToFailure(cut, [endless()]);
    expect(error.details.reason).toBe('connection-lost');
    await expect(cut.facts.imageConfig({ ref: `${testEngine().registry}/base:latest` })).rejects.toThrow(/lost/);
    await cut.close();
  });
});

test('a signal cancels; the stream ends with that reason', async () => {
  const controller = new AbortController();
  const { events, error } = await runToFailure(build, [endless()], {
    signal: controller.signal,
    onEvent: (event) => event.kind === 'log' && controller.abort(new Error('enough')),
  });
  expect(error.details).toMatchObject({ reason: 'cancelled', step: 'solve-1' });
  expect(events.at(-1)).toMatchObject({ kind: 'step-completed', error: 'the build was cancelled' });
  const before = await runToFailure(build, [endless()], { signal: AbortSignal.abort(new Error('no')) });
  expect(before.error.details.reason).toBe('cancelled');
  expect(before.events.map(({ kind }) => kind)).toEqual(['build-opened']);
});

test('a failure cancels what runs beside it, and is what is told', async () => {
  const failing = solveStep('solve-2', shell(`echo ${Math.random()}; exit 5`));
  const { events, error } = await runToFailure(build, [endless(), failing]);
  expect(error.details).toMatchObject({ step: 'solve-2', exitCode: 5 });
  const ended = events.filter((event) => event.kind === 'step-completed');
  expect(ended).toContainEqual(expect.objectContaining({ step: 'solve-1', error: 'the build was cancelled' }));
});

test('keep-going leaves out only what waits for the failed one', async () => {
  const target = folder();
  const failing = solveStep('solve-1', shell(`echo ${Math.random()}; exit 5`));
  const after = outputStep('download-2', mkfile('/a', 'a'), [{ kind: 'directory', path: known(join(target, 'a')) }], {
    after: [failing.id],
  });
  const other = outputStep('download-3', mkfile('/b', 'b'), [{ kind: 'directory', path: known(join(target, 'b')) }]);
  const { error } = await runToFailure(build, [failing, after, other], { keepGoing: true, jobs: 1 });
  expect(error.details.exitCode).toBe(5);
  expect(readdirSync(target)).toEqual(['b']);
});

test('a step waits for those of whose results it is made, also where no order says so', async () => {
  const target = folder();
  const first = solveStep('solve-1', shell(`echo ${Math.random()}`));
  const second = outputStep('download-2', undefined, [{ kind: 'directory', path: known(target) }], {
    definition: {
      kind: 'later',
      needs: [stepId('solve-1')],
      make: (results) => marshal(mkfile('/seen', String(results.get(stepId('solve-1'))?.kind)), { platform }),
    },
  });
  await run(build, [second, first]);
  expect(readFileSync(join(target, 'seen'), 'utf8')).toBe('solve');
});

test('texts of targets come last, in the order of the targets', async () => {
  const steps = [solveStep('solve-1', mkfile('/a', 'a'))];
  const targets = ['one', 'two'].map((name) => ({
    name,
    steps: [],
    text: { kind: 'known', value: `text of ${name}` } as const,
  }));
  const texts = await new Promise<string[]>((resolve, reject) => {
    const seen: string[] = [];
    execute(planOf(steps, targets), build).subscribe({
      next: (event) => seen.push(event.kind === 'text' ? `${event.target}: ${event.text}` : event.kind),
      error: reject,
      complete: () => resolve(seen),
    });
  });
  expect(texts.slice(-3)).toEqual(['step-completed', 'one: text of one', 'two: text of two']);
});

test('secrets reach the command that mounts them, also over a session of its own', async () => {
  const from = folder();
  const target = folder();
  writeFileSync(join(from, 'token'), 'hush');
  const command = shell('test "$(cat /run/secrets/t)" = hush && echo ok > /ok', {
    secrets: [{ id: 'token-id', target: '/run/secrets/t' }],
  });
  const session = { ...noNeeds, secrets: [{ id: 'token-id', path: join(from, 'token') }] };
  await run(
    build,
    ['a', 'b'].map((name) =>
      outputStep(`download-${name}`, command, [{ kind: 'directory', path: known(join(target, name)) }], { session }),
    ),
  );
  for (const name of ['a', 'b']) expect(readFileSync(join(target, name, 'ok'), 'utf8')).toBe('ok\n');
});

test('closing ends what runs, and leaves nothing behind', async () => {
  const before = process.getActiveResourcesInfo();
  const own = await openBuild({ address: testEngine().address });
  await own.facts.imageConfig({ ref: `${testEngine().registry}/base:latest`, platform: 'linux/amd64' });
  await run(own, [outputStep('download-1', mkfile('/a', 'a'), [{ kind: 'directory', path: known(folder()) }])]);
  let closing: Promise<void> | undefined;
  const { error } = await runToFailure(own, [endless()], {
    onEvent: (event) => {
      if (event.kind === 'log') closing ??= own.close();
    },
  });
  expect(error.details.reason).toBe('cancelled');
  await closing;
  expect(await own.closed).toBeUndefined();
  const left = process.getActiveResourcesInfo();
  for (const resource of before) left.splice(left.indexOf(resource), left.includes(resource) ? 1 : 0);
  expect(left).toEqual([]);
});
