import pc from 'picocolors';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { BuildState } from './build-state.js';
import { log, progress, vertex } from './sample-events.js';
import { drawFrame } from './tty-frame.js';

const colors = pc.createColors(false);

function running(state: BuildState, columns = 60, rows = 20): string[] {
  return drawFrame(state, { columns, rows, colors, outcome: 'running' });
}

test('a running build: heading, cached and running vertices, counters and the last lines of a log', () => {
  let now = 10_000;
  const state = new BuildState(() => now);
  state.take(vertex('sha256:a', 'image busybox', { started: 0, completed: 0, cached: true }));
  state.take(vertex('sha256:b', 'local ./src', { started: 0 }));
  state.take(progress('sha256:b', 'transferring ./src:', 12_345n, 0n));
  state.take(vertex('sha256:c', '/bin/sh -c make', { started: 0 }));
  for (let line = 1; line <= 9; line += 1) state.take(log('sha256:c', 0, `line ${line}\n`));
  now += 2345;
  expect(running(state)).toEqual([
    '[+] Building 2.3s (1/3)',
    ' => CACHED image busybox                               0.0s',
    ' => local ./src                                        2.3s',
    ' => => transferring ./src: 12.3kB',
    ' => /bin/sh -c make                                    2.3s',
    ...[4, 5, 6, 7, 8, 9].map((line) => ` => => # line ${line}`),
  ]);
});

test('no line is wider than the screen, whatever stands in it', () => {
  const state = new BuildState(() => 0);
  state.take(vertex('sha256:a', `漢字${'漢字'.repeat(80)}`, { started: 0 }));
  state.take(log('sha256:a', 0, `${'👩‍👩‍👧'.repeat(100)}\n`));
  state.take(log('sha256:a', 0, `\t\t${'x'.repeat(500)}\n`));
  for (const columns of [20, 79, 80, 140]) {
    for (const line of running(state, columns)) expect(stringWidth(line)).toBeLessThan(columns);
  }
});

test('where rows are few, what is done makes room for what runs', () => {
  const state = new BuildState(() => 0);
  for (let index = 0; index < 30; index += 1) {
    state.take(vertex(`sha256:${index}`, `done ${index}`, { started: 0, completed: 1 }));
  }
  state.take(vertex('sha256:r', 'running', { started: 0 }));
  const lines = running(state, 60, 6);
  expect(lines).toHaveLength(6);
  expect(lines.at(-1)).toMatch(/^ => running /);
  expect(lines[1]).toMatch(/^ => done 26 /);
});

test('more running vertices than rows: never more lines than rows', () => {
  const state = new BuildState(() => 0);
  for (let index = 0; index < 50; index += 1) {
    state.take(vertex(`sha256:${index}`, `run ${index}`, { started: 0 }));
    state.take(log(`sha256:${index}`, 0, 'a\nb\nc\n'));
  }
  expect(running(state, 60, 10).length).toBeLessThanOrEqual(10);
});

test('the end shows everything, and marks what failed and what was cancelled', () => {
  const state = new BuildState(() => 0);
  state.take(vertex('sha256:a', 'a', { started: 0, completed: 500 }));
  state.take(vertex('sha256:b', 'b', { started: 0, completed: 100, error: 'exit code: 2' }));
  state.take(vertex('sha256:c', 'c', { started: 0, completed: 100, error: 'failed: context canceled' }));
  const lines = drawFrame(state, { columns: 30, rows: Number.POSITIVE_INFINITY, colors, outcome: 'failed' });
  expect(lines).toEqual([
    '[+] Failed after 0.0s (3/3)',
    ' => a                    0.5s',
    ' => ERROR b              0.1s',
    ' => CANCELED c           0.1s',
  ]);
});
