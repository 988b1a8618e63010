import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { BuildState } from '../build-state.js';
import { log, vertex } from '../sample-events.js';
import { ActionsView } from './actions-view.js';

function view(): { view: ActionsView; text: () => string } {
  const out = new PassThrough();
  const chunks: Buffer[] = [];
  out.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { view: new ActionsView(out, new BuildState()), text: () => Buffer.concat(chunks).toString() };
}

test('each vertex is a group; vertices that run at once are not mixed; what has no lines is not folded', () => {
  const { view: actions, text } = view();
  actions.event(vertex('sha256:c', 'image', { started: 0, completed: 0, cached: true }));
  actions.event(vertex('sha256:a', 'a', { started: 0 }));
  actions.event(vertex('sha256:b', 'b', { started: 0 }));
  for (let line = 1; line <= 2; line += 1) {
    actions.event(log('sha256:a', 0, `a${line}\n`));
    actions.event(log('sha256:b', 0, `b${line}\n`));
  }
  actions.event(vertex('sha256:b', 'b', { started: 0, completed: 500 }));
  actions.event(vertex('sha256:a', 'a', { started: 0, completed: 900 }));
  actions.end();
  expect(text().split('\n')).toEqual([
    '#1 image CACHED',
    '::group::#2 a',
    '#2 0.000 a1',
    '#2 0.000 a2',
    '#2 DONE 0.9s',
    '::endgroup::',
    '::group::#3 b',
    '#3 0.000 b1',
    '#3 0.000 b2',
    '#3 DONE 0.5s',
    '::endgroup::',
    '',
  ]);
});

test('lines that wait become too many: they are written, and the group of the other goes on later', () => {
  const { view: actions, text } = view();
  actions.event(vertex('sha256:a', 'a', { started: 0 }));
  actions.event(vertex('sha256:b', 'b', { started: 0 }));
  actions.event(log('sha256:a', 0, 'a1\n'));
  const long = `${'b'.repeat(1000)}\n`;
  for (let line = 0; line < 300; line += 1) actions.event(log('sha256:b', 0, long));
  expect(text().length).toBeGreaterThan(250_000);
  actions.event(log('sha256:a', 0, 'a2\n'));
  actions.event(vertex('sha256:b', 'b', { started: 0, completed: 5 }));
  actions.event(vertex('sha256:a', 'a', { started: 0, completed: 5 }));
  actions.end();
  const groups = text().match(/^::.*$/gm);
  expect(groups).toEqual([
    '::group::#1 a',
    '::endgroup::',
    '::group::#2 b',
    '::endgroup::',
    '::group::#1 a (continued)',
    '::endgroup::',
  ]);
  expect(text().match(/b{1000}/g)).toHaveLength(300);
  expect(text()).toContain('#1 0.000 a2\n');
});

test('a group that is open when the build ends is closed, and notices stand outside of groups', () => {
  const { view: actions, text } = view();
  actions.event(vertex('sha256:a', 'a', { started: 0 }));
  actions.notice('trying again');
  actions.event(log('sha256:a', 0, 'more\n'));
  actions.end();
  expect(text()).toBe(
    '::group::#1 a\n::endgroup::\ntrying again\n::group::#1 a (continued)\n#1 0.000 more\n#1 STOPPED\n::endgroup::\n',
  );
});

test('commands of the runner in names, logs and notices are shown, not obeyed', () => {
  const { view: actions, text } = view();
  actions.event(vertex('sha256:a', '##[error]x', { started: 0 }));
  actions.event(log('sha256:a', 0, '::set-env name=PATH::x\n##[add-path]/evil\n'));
  actions.notice('::stop-commands::x\n  ::error::y');
  actions.end();
  for (const line of text().split('\n')) {
    if (!/^::(group|endgroup)::/.test(line)) expect(line).not.toMatch(/^\s*::/);
    expect(line).not.toContain('##[');
  }
  expect(text()).toContain(': :stop-commands::x');
});
