import { expect, test } from 'vitest';
import { BuildState } from '../build-state.js';
import { log, output, transfer, vertex, warning } from '../sample-events.js';
import { summary } from './summary.js';
import { warningLines } from './warnings.js';

test('a summary: outputs in columns with what came over, a digest to be copied, and the facts of the build', () => {
  let now = 0;
  const state = new BuildState(() => now);
  state.take(vertex('sha256:a', 'a', { started: 0, completed: 0, cached: true }));
  state.take(vertex('sha256:b', 'b', { started: 0, completed: 900 }));
  state.take(transfer('src', 466));
  state.take({ kind: 'step-started', time: 0, step: 'solve-1' as never, name: 'x', stepKind: 'output', ref: 'r' });
  state.take({ ...transfer('/work/out', 5_950_000, 'receive'), ...{ transfer: 2, files: 12 } });
  state.take(output('directory', '/work/out', 700));
  state.take(output('push', 'localhost:5000/app:1', 1200, 'sha256:0123'));
  now = 1300;
  expect(summary(state, '/work')).toBe(
    [
      'wrote   out                   5.95MB in 12 files  0.7s',
      'pushed  localhost:5000/app:1                      1.2s',
      '        sha256:0123',
      'done in 1.3s; 2 steps, 1 cached; sent 466B in 1 file, received 5.95MB',
      '',
    ].join('\n'),
  );
});

test('a failed build, a cancelled one, and one of which all was cached', () => {
  const state = new BuildState(() => 0);
  expect(summary(state, '/', 'cancelled')).toBe('cancelled after 0.0s\n');
  state.take(vertex('sha256:a', 'a', { started: 0, completed: 0, cached: true }));
  expect(summary(state, '/')).toBe('done in 0.0s; 1 step, all cached\n');
  state.take(vertex('sha256:b', 'b', { started: 0, completed: 9, error: 'exit code: 1' }));
  expect(summary(state, '/', 'failed')).toBe('failed after 0.0s; 1 of 2 steps was done, 1 cached\n');
});

test('on a narrow terminal each fact has its line', () => {
  const state = new BuildState(() => 0);
  state.take(vertex('sha256:a', 'a', { started: 0, completed: 0, cached: true }));
  state.take(vertex('sha256:b', 'b', { started: 0, completed: 9, error: 'exit code: 1' }));
  const facts = 'failed after 0.0s\n  1 of 2 steps was done, 1 cached\n';
  expect(summary(state, '/', 'failed', 40)).toBe(facts);
});

test('where an output is can do nothing to the terminal', () => {
  const state = new BuildState(() => 0);
  state.take(output('directory', '/work/o\u001b[2J', 0));
  state.take(output('push', 'x\u001b]0;t\u0007', 0, 'sha256:\u009b'));
  expect(summary(state, '/work')).not.toMatch(/[^\P{Cc}\n]/u);
});

test('warnings come once, with their place, their line and the page about them', () => {
  const state = new BuildState(() => 0);
  const odd = warning('FromAsCasing: odd\u001b[2J', 'Dockerfile', 'FROM busybox as base\nRUN true\n', 1);
  state.take(odd);
  state.take(odd);
  expect(warningLines(state)).toBe(
    [
      'warning: Dockerfile:1: FromAsCasing: odd␛[2J',
      '  1 | FROM busybox as base',
      '  see https://example.com/rule',
      '',
    ].join('\n'),
  );
  state.take(warning('another', 'Dockerfile', 'FROM x', 9));
  expect(warningLines(state)).toMatch(/^2 warnings:\n/);
});

test('many warnings are counted', () => {
  const state = new BuildState(() => 0);
  for (let index = 0; index < 250; index += 1) state.take(warning(`odd ${index}`, 'Dockerfile', 'FROM x', 1));
  const text = warningLines(state);
  expect(text).toMatch(/^250 warnings:\n/);
  expect(text).toContain('odd 199');
  expect(text).not.toContain('odd 200');
  expect(text).toMatch(/and 50 further warnings\n$/);
});

test('logs that the engine cut: told once, with what lifts the limit', () => {
  const state = new BuildState(() => 0);
  for (const digest of ['sha256:a', 'sha256:b']) {
    state.take(vertex(digest, 'seq 1 1000000', { started: 0 }));
    state.take(log(digest, 0, 'one\n[output clipped, log limit 2MiB reached]\n'));
  }
  const text = warningLines(state);
  expect(text).toMatch(/^warning: the engine cut the logs of 2 steps \(#1, #2\) at 2MiB\n/);
  expect(text.match(/BUILDKIT_STEP_LOG_MAX_SIZE/g)).toHaveLength(1);
  expect(text).toContain('BUILDKIT_STEP_LOG_MAX_SPEED');
});
