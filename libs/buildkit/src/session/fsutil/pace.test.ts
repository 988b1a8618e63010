import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mergeTree } from '../file-send/merge.js';
import { tickingClock } from '../fixtures/ticking-clock.js';
import { resolveFollowPaths } from './filter/follow-paths.js';
import { TreeFilter } from './filter/tree-filter.js';
import { Pace } from './pace.js';
import { removeTree } from './remove-tree.js';
import { walkTree } from './send/walk.js';
import { sortInSlices } from './sort-in-slices.js';

/** Entries of the folders that are walked, merged and removed. */
const ENTRIES = 100;

/** Looks at the clock, a millisecond apart here, that a slice has room for, and the step that finds it used up. */
const STEPS_OF_A_TURN = 5;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pace-'));
  tickingClock();
});

afterEach(() => rmSync(root, { recursive: true }));

/** Fills a folder of this name. */
function fill(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  for (let i = 0; i < ENTRIES; i++) writeFileSync(join(folder, `file-${i}`), '');
  return folder;
}

/** Does the work, and returns how much `done` grew by at most from one turn of the event loop to the next. */
async function mostInATurn(work: Promise<unknown>, done: () => number): Promise<number> {
  let most = 0;
  let before = done();
  let going = true;
  const look = (): void => {
    if (!going) return;
    most = Math.max(most, done() - before);
    before = done();
    setImmediate(look);
  };
  setImmediate(look);
  await work;
  most = Math.max(most, done() - before);
  going = false;
  return most;
}

/** Does the work, and counts the turns of the event loop meanwhile. */
async function turnsOf<Result>(work: Promise<Result>): Promise<{ readonly turns: number; readonly result: Result }> {
  let turns = 0;
  let going = true;
  const count = (): void => {
    turns += 1;
    if (going) setImmediate(count);
  };
  setImmediate(count);
  const result = await work;
  going = false;
  return { turns, result };
}

test('of many pieces of work, one goes on in each turn of the event loop', async () => {
  const done: string[] = [];
  const work = async (name: string): Promise<void> => {
    const pace = new Pace();
    for (let i = 0; i < 20; i++) {
      if (pace.due()) await pace.rest();
      done.push(name);
    }
  };
  const most = await mostInATurn(Promise.all(['a', 'b', 'c', 'd'].map(work)), () => done.length);
  expect(most).toBeLessThanOrEqual(STEPS_OF_A_TURN);
  // They take turns.
  expect([...new Set(done.filter((name, i) => name !== done[i - 1]).slice(0, 4))]).toEqual(['a', 'b', 'c', 'd']);
  expect(done).toHaveLength(80);
});

test('a walk lets the event loop run, however many are in one folder', async () => {
  const folder = fill('walked');
  let walked = 0;
  const sink = {
    entry: () => {
      walked += 1;
    },
    pressure: () => undefined,
    resting: () => undefined,
  };
  const filter = await TreeFilter.compile([{ exclude: ['x*'] }], new Pace());
  const walks = Promise.all([1, 2, 3].map(() => walkTree(folder, filter, sink, new Pace())));
  expect(await mostInATurn(walks, () => walked)).toBeLessThanOrEqual(STEPS_OF_A_TURN);
  expect(walked).toBe(3 * ENTRIES);
});

test('a folder is removed in slices, with what is in it', async () => {
  const folder = fill('removed');
  fill('removed/inner');
  symlinkSync(root, join(folder, 'link'));
  const left = (): number => (existsSync(folder) ? -readdirSync(folder).length : 0);
  const most = await mostInATurn(removeTree(folder, new Pace()), left);
  expect(most).toBeLessThanOrEqual(STEPS_OF_A_TURN);
  expect(readdirSync(root)).toEqual([]);
  await removeTree(folder, new Pace());
});

test('an output is merged in slices', async () => {
  const folder = fill('received');
  const destination = fill('out');
  for (let i = 0; i < ENTRIES; i++) writeFileSync(join(destination, `other-${i}`), '');
  const merge = {
    trees: [{ folder, directories: [] }],
    destination,
    named: 'out',
    mirror: true,
    temporary: () => undefined,
  };
  const left = (): number => -readdirSync(folder).length - readdirSync(destination).length;
  expect(await mostInATurn(mergeTree(merge), left)).toBeLessThanOrEqual(STEPS_OF_A_TURN);
  expect(readdirSync(destination)).toHaveLength(ENTRIES);
});

test('paths with wildcards are followed in slices', async () => {
  const folder = fill('followed');
  for (let i = 0; i < ENTRIES; i++) symlinkSync(`file-${i}`, join(folder, `link-${i}`));
  const { turns, result: paths } = await turnsOf(resolveFollowPaths(root, ['followed/link-*', 'followed/link-1*'], []));
  expect(paths).toHaveLength(ENTRIES + 2);
  // The folder is read once, files and links, and each link tested by both patterns.
  expect(turns).toBeGreaterThanOrEqual((2 * ENTRIES + 2 * ENTRIES) / STEPS_OF_A_TURN - 2);
});

test('patterns are compiled, and names sorted, in slices', async () => {
  const patterns = Array.from({ length: 200 }, (_, i) => `folder-${i}/*.ts`);
  const compiled = await turnsOf(TreeFilter.compile([{ include: patterns }, { exclude: patterns }], new Pace()));
  expect(compiled.turns).toBeGreaterThanOrEqual((2 * patterns.length) / STEPS_OF_A_TURN - 2);
  const numbers = Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 50_000);
  const number = (at: number): number => numbers[at] ?? 0;
  const sorted = await turnsOf(sortInSlices(numbers.length, (a, b) => number(a) - number(b), new Pace()));
  expect(Array.from(sorted.result, number)).toEqual(Array.from({ length: 50_000 }, (_, i) => i));
  // Seven runs, which are merged in three rounds.
  expect(sorted.turns).toBeGreaterThan((2 * 50_000) / STEPS_OF_A_TURN);
});
