import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { file, imageSource, type Output } from '@hlb/llb';
import { known } from '@hlb/plan';
import { expect, onTestFinished, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import type { SolveEvent } from '../events/events.js';
import { flakyRegistry } from '../fixtures/flaky-registry.js';
import { folder, outputStep, run, runToFailure, solveStep } from '../fixtures/plans.js';
import { type Build, openBuild } from '../session/build.js';
import type { Retry } from './retrying.js';

async function buildWith(onRetry?: (question: string, retry: Retry) => void): Promise<Build> {
  const build = await openBuild({ address: testEngine().address, ...(onRetry === undefined ? {} : { onRetry }) });
  onTestFinished(() => build.close());
  return build;
}

/** An image of a registry, and a file in it that nobody has made before. */
function fresh(host: string): Output {
  return file({
    base: imageSource({ ref: `${host}/base` }),
    actions: [{ kind: 'mkfile', path: '/made', mode: 0o644, data: Buffer.from(String(Math.random())) }],
  });
}

function retries(events: readonly SolveEvent[]): Extract<SolveEvent, { kind: 'step-retried' }>[] {
  return events.filter((event) => event.kind === 'step-retried');
}

test('a pull from a registry that is back in a moment works, and the repetition is told', async () => {
  const registry = await flakyRegistry(1);
  const build = await buildWith();
  const out = join(folder(), 'out');
  const events = await run(build, [
    outputStep('download-1', fresh(registry.host), [{ kind: 'directory', path: known(out) }]),
  ]);
  expect(readdirSync(out)).toContain('made');
  expect(retries(events)).toMatchObject([{ step: 'download-1', retry: 1, of: 2 }]);
  expect(retries(events)[0]?.error).toMatch(/503 Service Unavailable/);
});

test('one that stays away fails with its own words after two repetitions; none where none is wanted', async () => {
  const registry = await flakyRegistry(1000);
  const build = await buildWith();
  const step = solveStep('solve-1', fresh(registry.host));
  const { events, error } = await runToFailure(build, [step]);
  expect(retries(events).map(({ retry }) => retry)).toEqual([1, 2]);
  expect(error.message).toMatch(/503 Service Unavailable/);
  const once = await runToFailure(build, [step], { retries: 0 });
  expect(retries(once.events)).toEqual([]);
});

test('questions about images are asked again, and a push is not repeated', async () => {
  const registry = await flakyRegistry(2);
  const told: string[] = [];
  const build = await buildWith((question, { retry }) => told.push(`${question} ${retry}`));
  const ref = `${registry.host}/base:latest`;
  expect((await build.facts.imageConfig({ ref, platform: 'linux/amd64' }))?.config).toMatch(/"os"/);
  expect(told[0]).toBe(`the configuration of ${ref} 1`);
  registry.failing = 1;
  expect((await build.facts.manifest({ ref, platform: 'linux/amd64' }))?.manifest).toMatch(/layers/);
  expect(told.at(-1)).toBe(`the manifest of ${ref} 1`);

  const config = known('{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]}}');
  const push = { kind: 'push', ref: known('localhost:1/x:1'), config, stargz: false, forceCompression: false } as const;
  const { events } = await runToFailure(build, [outputStep('push-1', fresh(testEngine().registry), [push])]);
  expect(retries(events)).toEqual([]);
});
