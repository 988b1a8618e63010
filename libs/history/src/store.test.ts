import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type GraphRecord, RECORD_VERSION, type RunRecord } from './record.js';
import { HistoryStore, historyFolder, type NewBuild } from './store.js';

const target = { program: '/p/build.hlb', target: 'default' };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hlb-history-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function build(time: number, graph = 'g'): NewBuild & { readonly asked: () => number } {
  let asked = 0;
  const run: RunRecord = {
    version: RECORD_VERSION,
    time,
    outcome: 'done',
    engine: 'e',
    graph,
    states: ['ran'],
    files: { 0: `list-${time}` },
  };
  const record: GraphRecord = {
    version: RECORD_VERSION,
    steps: [{ digest: 'd', own: 'o', kind: 'exec', name: 'n', inputs: [], facts: [] }],
  };
  return {
    run,
    graph: () => {
      asked += 1;
      return record;
    },
    lists: new Map([[`list-${time}`, () => `files of ${time}`]]),
    asked: () => asked,
  };
}

test('the last two builds, the last first; a graph that is known is not made again', () => {
  const store = new HistoryStore(folder());
  expect(store.load(target)).toEqual([]);
  for (const time of [1_700_000_000_001, 1_700_000_000_002]) store.save(target, build(time));
  const third = build(1_700_000_000_003);
  store.save(target, third);
  expect(third.asked()).toBe(0);
  const loaded = store.load(target);
  expect(loaded.map(({ run }) => run.time)).toEqual([1_700_000_000_003, 1_700_000_000_002]);
  expect(loaded[0]?.lists.get('list-1700000000003')).toBe('files of 1700000000003');
  expect(store.load({ ...target, target: 'other' })).toEqual([]);
});

test('only the user can read it, and nothing half-written is left', () => {
  const place = folder();
  const store = new HistoryStore(join(place, 'builds'));
  expect(store.key()).toEqual(store.key());
  store.save(target, build(1));
  const [name] = readdirSync(join(place, 'builds')).filter((one) => one !== 'key');
  const inside = join(place, 'builds', name ?? '');
  expect(statSync(join(place, 'builds')).mode & 0o777).toBe(0o700);
  for (const one of readdirSync(inside)) {
    expect(one).not.toMatch(/\.tmp$/);
    expect(statSync(join(inside, one)).mode & 0o777).toBe(0o600);
  }
  expect(statSync(join(place, 'builds/key')).mode & 0o777).toBe(0o600);
});

test('what is broken or of another version counts as not kept', () => {
  const place = folder();
  const store = new HistoryStore(place);
  store.save(target, build(1));
  store.save(target, build(2));
  const [name = ''] = readdirSync(place);
  const runs = readdirSync(join(place, name))
    .filter((one) => one.startsWith('run-'))
    .sort();
  writeFileSync(join(place, name, runs[1] ?? ''), `{"version":${RECORD_VERSION},"states":[`);
  expect(store.load(target).map(({ run }) => run.time)).toEqual([1]);
  const first = join(place, name, runs[0] ?? '');
  writeFileSync(first, readFileSync(first, 'utf8').replace(`"version":${RECORD_VERSION}`, '"version":99'));
  expect(store.load(target)).toEqual([]);
  store.save(target, build(3));
  expect(store.load(target).map(({ run }) => run.time)).toEqual([3]);
});

test('of many targets those that were built last are kept', () => {
  const place = folder();
  const store = new HistoryStore(place);
  for (let number = 0; number < 130; number += 1) store.save({ ...target, target: `t${number}` }, build(number + 1));
  expect(readdirSync(place).length).toBe(100);
  expect(store.load({ ...target, target: 't129' })).toHaveLength(1);
});

test('a folder that cannot be written is an error of the system', () => {
  const place = folder();
  writeFileSync(join(place, 'file'), '');
  const store = new HistoryStore(join(place, 'file', 'builds'));
  expect(() => store.save(target, build(1))).toThrow(/ENOTDIR/);
});

test('the place of the cache', () => {
  expect(historyFolder({ XDG_CACHE_HOME: '/c', HOME: '/h' })).toBe('/c/hlb/builds');
  expect(historyFolder({ XDG_CACHE_HOME: '', HOME: '/h' })).toBe('/h/.cache/hlb/builds');
});
