import { PassThrough, Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import type { Io, TerminalStream } from '../process/io.js';
import { BuildState } from './build-state.js';
import { chooseView, type ViewOptions } from './choose-view.js';

async function chosen(
  options: Omit<ViewOptions, 'color'>,
  around: { tty?: boolean; env?: NodeJS.ProcessEnv },
): Promise<string> {
  const stderr: TerminalStream = new PassThrough();
  if (around.tty === true) stderr.isTTY = true;
  const io: Io = { stdin: Readable.from([]), stdout: new PassThrough(), stderr, env: around.env ?? {}, cwd: '/' };
  const view = await chooseView(io, { ...options, color: 'auto' }, new BuildState());
  onTestFinished(() => view.end('done'));
  return view.constructor.name;
}

const actions = { GITHUB_ACTIONS: 'true' };

test.each([
  [{}, {}, 'PlainView'],
  [{}, { tty: true }, 'TtyView'],
  [{ logOutput: 'auto' }, { tty: true, env: { TERM: 'dumb' } }, 'PlainView'],
  [{ logOutput: 'tty' }, { tty: true, env: { TERM: 'dumb' } }, 'PlainView'],
  [{ logOutput: 'tty' }, {}, 'TtyView'],
  [{ logOutput: 'plain' }, { tty: true }, 'PlainView'],
  [{}, { env: actions }, 'ActionsView'],
  [{}, { tty: true, env: actions }, 'ActionsView'],
  [{ logOutput: 'plain' }, { env: actions }, 'ActionsView'],
  [{ logOutput: 'rawjson' }, { env: actions }, 'RawJsonView'],
  [{ logOutput: 'quiet' }, { tty: true }, 'QuietView'],
] as const)('%j with %j is %s', async (options, around, name) => {
  expect(await chosen(options, around)).toBe(name);
});
