import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pushBaseImage } from '@hlb/engine/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { harm, KINDS, type Kind, World } from './support/chaos/kinds.js';
import { randomFrom } from './support/chaos/random.js';
import { type Outcome, runTrial } from './support/chaos/trial.js';
import { testEngineDir, testPackages } from './support/engine-global-setup.js';

// HLB_CHAOS_POINTS: at how many points of a build each kind of harm is done. HLB_CHAOS_TIMES: how often at each. HLB_CHAOS_SEED: of the
// points. HLB_CHAOS_KINDS: the kinds, as a regular expression. HLB_CHAOS_REPORT: a file for what became of each build.
const { HLB_CHAOS_POINTS, HLB_CHAOS_TIMES, HLB_CHAOS_SEED, HLB_CHAOS_KINDS, HLB_CHAOS_REPORT } = process.env;
const POINTS = Number(HLB_CHAOS_POINTS ?? 1);
const TIMES = Number(HLB_CHAOS_TIMES ?? 1);
const SEED = Number(HLB_CHAOS_SEED ?? Date.now() % 1_000_000);
const KIND = new RegExp(HLB_CHAOS_KINDS ?? '');

/** Lines that an undisturbed build writes; a harm at a later one than it gets to comes too late. */
const LINES = 125;

/** A disk that holds neither, one or both of the outputs: sources take some 1 MB, each output some 3 MB (bytes). */
const DISK_BYTES = { least: 1_200_000, most: 12_000_000 };

const world = new World(join(testEngineDir(), 'chaos'), testPackages());
const report: string[] = [];

beforeAll(async () => {
  execFileSync(process.execPath, [join(import.meta.dirname, '../apps/cli/build.mjs')]);
  await world.up();
  if (world.registry !== undefined) await pushBaseImage(world.registry);
});

afterAll(async () => {
  if (HLB_CHAOS_REPORT !== undefined) writeFileSync(HLB_CHAOS_REPORT, `${report.join('\n')}\n`);
  await world.down();
});

test('undisturbed, the build is done', async () => {
  const outcome = await once('SIGINT', { at: Number.POSITIVE_INFINITY, later: 0, mark: `calm-${SEED}` });
  expect(outcome).toMatchObject({ end: 0, outputs: { dir: 'whole', tar: 'whole', leftovers: [] }, running: [] });
});

describe.each(KINDS.filter((kind) => KIND.test(kind)))('%s', (kind) => {
  const points = Array.from({ length: POINTS }, (_, index) => SEED + index);

  test.each(points)(
    'at the point of seed %i',
    async (seed) => {
      const random = randomFrom(seed);
      const at = Math.floor(random() * LINES);
      const later = Math.floor(random() * 100);
      const disk =
        kind === 'disk is full'
          ? Math.floor(DISK_BYTES.least + random() * (DISK_BYTES.most - DISK_BYTES.least))
          : undefined;
      for (let time = 0; time < TIMES; time += 1) {
        const mark = `m${seed}-${time}-${kind.replaceAll(/\W/g, '').toLowerCase()}`;
        const outcome = await once(kind, { at, later, mark, disk });
        report.push(`${kind}\t${seed}\t${outcome.lines}\t${outcome.end}\t${reasonOf(outcome)}`);
        judge(kind, outcome);
      }
    },
    300_000 * TIMES,
  );
});

async function once(
  kind: Kind,
  { at, later, mark, disk }: { at: number; later: number; mark: string; disk?: number | undefined },
): Promise<Outcome> {
  const { address, disturb, recover } = await harm(kind, world);
  return runTrial({ address, registry: world.registry?.host ?? '', mark, at, later, disturb, recover, disk });
}

/** Says what is wrong with what became of a build: it hung, it lied, it left something half-done or running. */
function judge(kind: Kind, outcome: Outcome): void {
  const { end, stderr, outputs, running } = outcome;
  const told = `${stderr}\n[${kind}; ended with ${end}]`;
  expect(ends(kind), told).toContain(end);
  expect(
    [outputs.dir, outputs.tar].filter((state) => state !== 'whole' && state !== 'absent'),
    told,
  ).toEqual([]);
  if (end !== 'SIGKILL') expect(outputs.leftovers, told).toEqual([]);
  if (end === 0) expect(outputs, told).toMatchObject({ dir: 'whole', tar: 'whole' });
  if (end === 1) expect(reasonOf(outcome), told).toMatch(REASONS[kind] ?? /^$/);
  if (end === 130) expect(stderr, told).toMatch(/^cancelled\b/m);
  expect(stderr, told).not.toMatch(/hlb itself failed|^\s+at .*:\d+:\d+\)?$/m);
  expect(running, told).toEqual([]);
}

/** How a build may end. One that was done before the harm came is done. */
function ends(kind: Kind): readonly (number | string)[] {
  switch (kind) {
    case 'SIGINT':
    case 'SIGTERM':
      return [0, 130];
    case 'SIGKILL':
      return [0, 'SIGKILL'];
    case 'network: delay':
      return [0];
    default:
      return [0, 1];
  }
}

const LOST = /^(HLB0803: the connection to the engine was lost|error: )/;

const REASONS: Partial<Record<Kind, RegExp>> = {
  'engine stops': LOST,
  'engine is killed': LOST,
  'engine restarts': LOST,
  'network: cut': LOST,
  'network: reset': LOST,
  'network: hole': LOST,
  'registry is killed': /^HLB080\d: |connection refused|EOF/,
  'disk is full': /^HLB0804: .*(full|space)/,
};

/** The sentence with which a build says why it failed. */
function reasonOf({ stderr }: Outcome): string {
  return /HLB08\d\d: .*|^error: .*/m.exec(stderr)?.[0] ?? '';
}
