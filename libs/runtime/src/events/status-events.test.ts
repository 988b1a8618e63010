import type { StatusUpdate } from '@hlb/buildkit';
import { digestOf } from '@hlb/llb';
import type { StepId } from '@hlb/plan';
import { expect, test } from 'vitest';
import { StatusEvents } from './status-events.js';

const step = 'solve-1' as StepId;
const none: StatusUpdate = { vertices: [], counters: [], logs: [], warnings: [] };

function vertex(
  digest: string,
  times: { started?: number; completed?: number },
  error = '',
): StatusUpdate['vertices'][number] {
  return { digest, name: digest, inputs: [], cached: false, error, ...times };
}

function log(digest: string, size: number): StatusUpdate['logs'][number] {
  return { vertex: digest, time: 0, stream: 'stdout', data: new Uint8Array(size) };
}

/** What happens, in a word each. */
function told(updates: readonly StatusUpdate[]): readonly string[] {
  const events = new StatusEvents(step, 'session');
  return [...updates.flatMap((update) => [...events.take(update)]), ...events.end()].map((event) => {
    if (event.kind === 'vertex')
      return `${event.digest} ${event.completed === undefined ? 'open' : (event.error ?? 'done')}`;
    return event.kind === 'log' ? `${event.vertex} log` : event.kind;
  });
}

test('a vertex ends after its log, also where both come at once', () => {
  const update = {
    ...none,
    vertices: [vertex('a', { started: 0, completed: 5 }, 'failed'), vertex('b', { started: 0, completed: 1 })],
  };
  expect(told([{ ...update, logs: [log('a', 5)] }])).toEqual(['a open', 'b done', 'a log', 'a failed']);
});

test('news that were divided: it ends after the last part', () => {
  const first = { ...none, vertices: [vertex('a', { started: 0, completed: 5 })], logs: [log('a', 1_048_000)] };
  const next = { ...none, logs: [log('a', 1_048_000)] };
  const last = { ...none, logs: [log('a', 10)] };
  expect(told([first, next, last])).toEqual(['a open', 'a log', 'a log', 'a log', 'a done']);
  expect(told([first, { ...none, vertices: [vertex('b', { started: 0 })] }])).toEqual([
    'a open',
    'a log',
    'a done',
    'b open',
  ]);
});

test('its end is told though no more news come', () => {
  const update = { ...none, vertices: [vertex('a', { started: 0, completed: 5 })], logs: [log('a', 1_048_576)] };
  expect(told([update])).toEqual(['a open', 'a log', 'a done']);
});

test('exporters of two solves of one session are not one vertex, while what both build is', () => {
  // As BuildKit names the first exporter of a solve.
  const exporter = digestOf(Buffer.from('session-export-0'));
  const update = { ...none, vertices: [vertex(exporter, {}), vertex('a', {})], logs: [log(exporter, 1)] };
  const digests = (id: string): readonly string[] =>
    [...new StatusEvents(id as StepId, 'session').take(update)].map((event) =>
      event.kind === 'vertex' ? event.digest : event.kind === 'log' ? event.vertex : event.kind,
    );
  const [one, two] = [digests('solve-1'), digests('solve-2')];
  expect(one[0]).not.toBe(two[0]);
  expect(one[2]).toBe(one[0]);
  expect([one[1], two[1]]).toEqual(['a', 'a']);
});
