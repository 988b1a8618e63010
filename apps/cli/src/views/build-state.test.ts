import { expect, test } from 'vitest';
import { BuildState } from './build-state.js';
import { LONGEST_LINE } from './log-lines.js';
import { grouped, log, progress, transfer, vertex } from './sample-events.js';

/** What is kept of a log: characters, all lines together. */
function kept(state: BuildState, digest: string): number {
  return (state.vertices.get(digest)?.log.lines ?? []).reduce((sum, line) => sum + line.length, 0);
}

test('of a million lines, a line of 50 MB and binary data a bounded part is kept while the vertex runs, nothing when it went well', () => {
  const state = new BuildState(() => 0);
  const lines = `${'0123456789'.repeat(2)}\n`.repeat(50_000);
  const long = 'x'.repeat(1_000_000);
  const binary = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 251));
  for (const digest of ['sha256:lines', 'sha256:long', 'sha256:binary'])
    state.take(vertex(digest, digest, { started: 0 }));
  let given = 0;
  for (let chunk = 0; chunk < 20; chunk += 1) given += state.take(log('sha256:lines', 0, lines)).length;
  for (let chunk = 0; chunk < 50; chunk += 1) {
    for (const { text } of state.take(log('sha256:long', 0, long)))
      expect(text.length).toBeLessThanOrEqual(LONGEST_LINE + 2);
  }
  const bytes = log('sha256:binary', 0, '');
  for (let chunk = 0; chunk < 50; chunk += 1) state.take({ ...bytes, ...{ data: binary } });
  expect(given).toBe(1_000_000);
  for (const digest of ['sha256:lines', 'sha256:long', 'sha256:binary']) {
    expect(state.vertices.get(digest)?.log.lines.length).toBeLessThanOrEqual(200);
    expect(kept(state, digest)).toBeLessThanOrEqual(64 * 1024);
    expect(kept(state, digest)).toBeGreaterThan(1000);
    state.take(vertex(digest, digest, { started: 0, completed: 5 }));
    expect(kept(state, digest)).toBe(0);
  }
  expect(state.vertices.get('sha256:lines')?.log.total).toBe(1_000_000);
});

test('the log of what failed stays', () => {
  const state = new BuildState(() => 0);
  state.take(vertex('sha256:a', 'a', { started: 0 }));
  state.take(log('sha256:a', 0, 'why\nhow'));
  state.take(vertex('sha256:a', 'a', { started: 0, completed: 5, error: 'exit code: 1' }));
  expect(state.vertices.get('sha256:a')?.log.lines).toEqual(['why', 'how']);
});

test('a vertex that starts again adds its times up, and its counters begin anew', () => {
  let now = 0;
  const state = new BuildState(() => now);
  state.take(vertex('sha256:a', 'a', { started: 0 }));
  state.take(progress('sha256:a', 'layer', 5n, 10n));
  state.take(vertex('sha256:a', 'a', { started: 0, completed: 100 }));
  state.take(vertex('sha256:a', 'a', { started: 1000 }));
  now = 50;
  const a = state.vertices.get('sha256:a');
  expect(a?.counters.size).toBe(0);
  expect(a === undefined ? 0 : state.duration(a)).toBe(150);
  expect(state.counts()).toEqual({ done: 0, all: 1, cached: 0 });
});

test('the vertices of a call are one block, and count before they start', () => {
  const state = new BuildState(() => 0);
  state.take(grouped('sha256:a', 'a', 'f (b.hlb:1)'));
  state.take(grouped('sha256:b', 'b', 'f (b.hlb:1)'));
  state.take(vertex('sha256:c', 'c', { started: 1 }));
  state.take(grouped('sha256:b', 'b', 'f (b.hlb:1)', { started: 10, completed: 20 }));
  state.take(grouped('sha256:a', 'a', 'f (b.hlb:1)', { started: 15, completed: 40 }));
  expect(state.blocks.map(({ group, known, vertices }) => [group, known, vertices.map(({ name }) => name)])).toEqual([
    [undefined, 1, ['c']],
    ['f (b.hlb:1)', 2, ['b', 'a']],
  ]);
  const [, call] = state.blocks;
  expect(call === undefined ? 0 : state.span(call)).toBe(30);
});

test('what went to the engine is counted once, however often it is told, with its rate', () => {
  let now = 0;
  const state = new BuildState(() => now);
  for (const bytes of [0, 1000, 3000]) {
    now += 1000;
    state.take(transfer('src', bytes));
  }
  expect(state.moved('send')).toEqual({ files: 1, bytes: 3000, names: 1, rate: 1500 });
  expect(state.moved('receive')).toEqual({ files: 0, bytes: 0, names: 0, rate: undefined });
});
