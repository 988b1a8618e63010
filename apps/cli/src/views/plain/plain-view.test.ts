import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { BuildState } from '../build-state.js';
import { grouped, log, progress, vertex, warning } from '../sample-events.js';
import { PlainView } from './plain-view.js';

function view(): { view: PlainView; text: () => string } {
  const out = new PassThrough();
  const chunks: Buffer[] = [];
  out.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { view: new PlainView(out, new BuildState()), text: () => Buffer.concat(chunks).toString() };
}

test('every line names its vertex; vertices are numbered as they start', () => {
  const { view: plain, text } = view();
  plain.event(vertex('sha256:a', 'image busybox'));
  plain.event(vertex('sha256:b', 'sh -c "make"'));
  plain.event(vertex('sha256:a', 'image busybox', { started: 1000, completed: 1000, cached: true }));
  plain.event(vertex('sha256:b', 'sh -c "make"', { started: 1000 }));
  plain.event(log('sha256:b', 1250, 'compiling\nlin'));
  plain.event(log('sha256:b', 1500, 'king\n'));
  plain.event(vertex('sha256:b', 'sh -c "make"', { started: 1000, completed: 2200 }));
  plain.end();
  expect(text()).toBe(
    [
      '#1 image busybox',
      '#1 CACHED',
      '#2 sh -c "make"',
      '#2 0.250 compiling',
      '#2 0.500 linking',
      '#2 DONE 1.2s',
      '',
    ].join('\n'),
  );
});

test('a failed vertex, a cancelled one and one that never ended are told apart', () => {
  const { view: plain, text } = view();
  plain.event(vertex('sha256:a', 'a', { started: 0, completed: 10, error: 'exit code: 1' }));
  plain.event(vertex('sha256:b', 'b', { started: 0, completed: 10, error: 'context canceled' }));
  plain.event(vertex('sha256:c', 'c', { started: 0 }));
  plain.end();
  expect(text()).toBe('#1 a\n#1 ERROR: exit code: 1\n#2 b\n#2 CANCELED\n#3 c\n#3 STOPPED\n');
});

test('control characters of a command are shown, a line without a newline comes at the end', () => {
  const { view: plain, text } = view();
  plain.event(vertex('sha256:a', 'a', { started: 0 }));
  plain.event(log('sha256:a', 0, '\u001b[2Jgone?\n10%\r100%'));
  plain.event(vertex('sha256:a', 'a', { started: 0, completed: 100 }));
  expect(text()).toBe('#1 a\n#1 0.000 ␛[2Jgone?\n#1 0.100 100%\n#1 DONE 0.1s\n');
});

test('a counter is reported when it moved by a tenth, and when it is done, once', () => {
  const { view: plain, text } = view();
  plain.event(vertex('sha256:a', 'a', { started: 0 }));
  for (const current of [0n, 5n, 10n, 12n, 100n]) plain.event(progress('sha256:a', 'layer', current, 100n));
  plain.event(progress('sha256:a', 'layer', 100n, 100n, 5));
  plain.event(progress('sha256:a', 'layer', 100n, 100n, 5));
  expect(text()).toBe(
    '#1 a\n#1 layer 0B / 100B\n#1 layer 10B / 100B\n#1 layer 100B / 100B\n#1 layer 100B / 100B done\n',
  );
});

test('what a call made names it; warnings stand with their vertex; nothing of it is obeyed', () => {
  const { view: plain, text } = view();
  plain.event(grouped('sha256:a', 'make\u001b[2J', 'tool\u001b[2J (b.hlb:3)', { started: 0 }));
  plain.event(warning('odd\u001b]0;x\u0007', 'Dockerfile', 'FROM x', 1));
  expect(text()).toBe('#1 [tool␛[2J (b.hlb:3)] make␛[2J\n#1 WARNING: odd␛]0;x␇\n');
});

test('a vertex that starts again ends again', () => {
  const { view: plain, text } = view();
  plain.event(vertex('sha256:a', 'exporting', { started: 0, completed: 100 }));
  plain.event(vertex('sha256:a', 'exporting', { started: 200 }));
  plain.event(progress('sha256:a', 'pushing layers', 0n, 0n, 5));
  plain.event(vertex('sha256:a', 'exporting', { started: 200, completed: 400 }));
  expect(text()).toBe('#1 exporting\n#1 DONE 0.1s\n#1 pushing layers done\n#1 DONE 0.3s\n');
});

test('the reason of a command that failed does not repeat the command, which is the name of its step', () => {
  const { view: plain, text } = view();
  const error = 'process "/bin/sh -c make; exit 2" did not complete successfully: exit code: 2';
  plain.event(vertex('sha256:a', 'make; exit 2', { started: 0, completed: 10, error }));
  expect(text()).toBe('#1 make; exit 2\n#1 ERROR: exit code: 2\n');
});
