import pc from 'picocolors';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { BuildState } from '../build-state.js';
import { grouped, log, progress, transfer, vertex } from '../sample-events.js';
import type { Look } from './block-lines.js';
import { marksFor } from './marks.js';
import { endFrame, runningFrame } from './tty-frame.js';

function look(columns = 60): Look {
  return { columns, colors: pc.createColors(false), marks: marksFor({ LANG: 'C.UTF-8' }) };
}

test('a running build: what is done, what runs with its rate or the last lines of its log', () => {
  let now = 10_000;
  const state = new BuildState(() => now);
  state.take(vertex('sha256:a', 'image busybox', { started: 0, completed: 0, cached: true }));
  state.take(vertex('sha256:b', 'local ./src', { started: 0 }));
  state.take(progress('sha256:b', 'transferring ./src:', 2_000_000n, 0n));
  state.take(vertex('sha256:c', "/bin/sh -c 'make all'", { started: 0 }));
  for (let line = 1; line <= 9; line += 1) state.take(log('sha256:c', 0, `line ${line}\n`));
  now += 2000;
  state.take(progress('sha256:b', 'transferring ./src:', 12_000_000n, 0n));
  expect(runningFrame(state, look(), 20)).toEqual([
    'Building 2.0s  1/3 steps, 1 cached',
    ' ✓ image busybox                                     cached',
    ' › local ./src                             12MB 5MB/s  2.0s',
    ' › make all                                            2.0s',
    ...[4, 5, 6, 7, 8, 9].map((line) => `   | line ${line}`),
  ]);
});

test('what one call made stands together; when it is done it is one line', () => {
  const state = new BuildState(() => 0);
  state.take(grouped('sha256:a', 'one', 'tool (b.hlb:3)', { started: 0 }));
  state.take(grouped('sha256:b', 'two', 'tool (b.hlb:3)'));
  state.take(vertex('sha256:z', 'alone', { started: 0 }));
  state.take(grouped('sha256:a', 'one', 'tool (b.hlb:3)', { started: 0, completed: 700 }));
  state.take(grouped('sha256:b', 'two', 'tool (b.hlb:3)', { started: 1000 }));
  expect(runningFrame(state, look(50), 20)).toEqual([
    'Building 0.0s  1/3 steps',
    ' › tool (b.hlb:3)  1/2                       0.0s',
    '   ✓ one                                     0.7s',
    '   › two                                     0.0s',
    ' › alone                                     0.0s',
  ]);
  state.take(grouped('sha256:b', 'two', 'tool (b.hlb:3)', { started: 1000, completed: 1500 }));
  state.take(vertex('sha256:z', 'alone', { started: 0, completed: 100 }));
  expect(endFrame(state, look(50))).toEqual([
    ' ✓ tool (b.hlb:3)  2 steps                   1.5s',
    ' ✓ alone                                     0.1s',
  ]);
});

test('a call of one step is a line that names both', () => {
  const state = new BuildState(() => 0);
  state.take(grouped('sha256:a', 'image busybox', 'base (b.hlb:3)', { started: 0, completed: 0, cached: true }));
  expect(endFrame(state, look(50))).toEqual([' ✓ image busybox  base (b.hlb:3)           cached']);
  expect(endFrame(state, look(30))).toEqual([' ✓ image busybox       cached']);
});

test.each([1, 2, 5, 20, 21, 40, 79, 80, 140])(
  'at %d columns no line is wider than the screen, whatever stands in it',
  (columns) => {
    const state = new BuildState(() => 0);
    state.take(vertex('sha256:a', `漢字${'漢字'.repeat(80)}`, { started: 0 }));
    state.take(log('sha256:a', 0, `${'👩‍👩‍👧'.repeat(100)}\n`));
    state.take(log('sha256:a', 0, `\t\t${'x'.repeat(500)}\n`));
    state.take(grouped('sha256:b', '漢'.repeat(50), `${'字'.repeat(30)} (b.hlb:3)`, { started: 0 }));
    state.take(
      grouped('sha256:c', 'e\u0301'.repeat(90), `${'字'.repeat(30)} (b.hlb:3)`, {
        started: 0,
        completed: 5,
        error: 'x',
      }),
    );
    state.take(progress('sha256:b', 'transferring', 1n, 5n));
    state.take(transfer('src', 123_456));
    for (const line of [...runningFrame(state, look(columns), 50), ...endFrame(state, look(columns))]) {
      expect(stringWidth(line)).toBeLessThan(Math.max(2, columns));
    }
  },
);

test.each([1, 2, 3, 4, 6, 10, 24])(
  'never more than %d lines, however much runs; what runs comes before what is done',
  (rows) => {
    const state = new BuildState(() => 0);
    for (let index = 0; index < 30; index += 1) {
      state.take(vertex(`sha256:${index}`, `done ${index}`, { started: 0, completed: 1 }));
    }
    for (let running = 0; running < 8; running += 1) {
      state.take(vertex(`sha256:r${running}`, `run ${running}`, { started: 0 }));
      state.take(log(`sha256:r${running}`, 0, 'a\nb\nc\n'));
      const lines = runningFrame(state, look(), rows);
      expect(lines.length).toBeLessThanOrEqual(rows);
      if (rows > 8) expect(lines.filter((line) => line.includes('› run'))).toHaveLength(running + 1);
      else if (rows > 2) expect(lines.at(-1)).toMatch(/› run|[| ]+c$|and \d more running$/);
    }
  },
);

test('many more run than there are lines: the rest is counted', () => {
  const state = new BuildState(() => 0);
  for (let index = 0; index < 50; index += 1) state.take(vertex(`sha256:${index}`, `run ${index}`, { started: 0 }));
  const lines = runningFrame(state, look(40), 5);
  expect(lines).toHaveLength(5);
  expect(lines.at(-1)).toBe('   and 47 more running');
});

test('the end shows what failed and what was cancelled, and counts what came from the cache where that is much', () => {
  const state = new BuildState(() => 0);
  for (let index = 0; index < 12; index += 1) {
    state.take(vertex(`sha256:${index}`, `old ${index}`, { started: 0, completed: 0, cached: true }));
  }
  state.take(vertex('sha256:a', 'a', { started: 0, completed: 500 }));
  state.take(grouped('sha256:b', 'b', 'f (b.hlb:1)', { started: 0, completed: 100, error: 'exit code: 2' }));
  state.take(
    grouped('sha256:c', 'c', 'f (b.hlb:1)', { started: 0, completed: 100, error: 'failed: context canceled' }),
  );
  state.take(grouped('sha256:d', 'd', 'f (b.hlb:1)', { started: 0, completed: 100 }));
  expect(endFrame(state, look(30))).toEqual([
    ' 12 steps from the cache',
    ' ✓ a                     0.5s',
    ' ✗ f (b.hlb:1)  3 steps  0.1s',
    '   ✗ b            failed 0.1s',
    '   - c         cancelled 0.1s',
  ]);
});

test('what still ran when the build ended was cancelled', () => {
  const state = new BuildState(() => 0);
  state.take(grouped('sha256:a', 'a', 'f (b.hlb:1)', { started: 0 }));
  state.take(grouped('sha256:b', 'b', 'f (b.hlb:1)'));
  expect(endFrame(state, look(30))).toEqual([' - f (b.hlb:1)  0/2      0.0s', '   - a         cancelled 0.0s']);
});

test('names, groups, logs and counters can do nothing to the terminal', () => {
  const state = new BuildState(() => 0);
  const evil = '\u001b[2J\u001b]0;title\u0007\u009b31m\u202e';
  state.take(grouped('sha256:a', `name${evil}`, `call${evil}`, { started: 0 }));
  state.take(grouped('sha256:b', `other${evil}`, `call${evil}`, { started: 0 }));
  state.take(log('sha256:a', 0, `log${evil}\rdrawn${evil}\n`));
  state.take(progress('sha256:b', `counter${evil}`, 0n, 0n));
  const text = [...runningFrame(state, look(200), 30), ...endFrame(state, look(200))].join('');
  expect(text).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(text).toContain('drawn␛[2J');
  expect(text).toContain('counter␛[2J');
});

test('without UTF-8 the signs are those of ASCII', () => {
  const state = new BuildState(() => 0);
  state.take(vertex('sha256:a', 'a'.repeat(50), { started: 0, completed: 500 }));
  const [line] = endFrame(state, { ...look(30), marks: marksFor({ LANG: 'C' }) });
  expect(line).toBe(` + ${'a'.repeat(20)}~ 0.5s`);
});
