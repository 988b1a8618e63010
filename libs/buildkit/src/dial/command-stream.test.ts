import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { CommandStream } from './command-stream.js';

const node = process.execPath;

async function readAll(stream: CommandStream): Promise<string> {
  const read: Buffer[] = [];
  for await (const chunk of stream) read.push(chunk);
  return Buffer.concat(read).toString();
}

test('carries bytes both ways, and ends when the program ends', async () => {
  const stream = await CommandStream.start([node, '-e', 'process.stdin.pipe(process.stdout)']);
  const sent = 'x'.repeat(3_000_000);
  stream.end(sent);
  expect((await readAll(stream)).length).toBe(sent.length);
});

test("a failing program's own words are the stream's error", async () => {
  const stream = await CommandStream.start([node, '-e', 'console.error("no such container"); process.exit(3)']);
  await expect(readAll(stream)).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringMatching(/^node ended with exit code 3: no such container$/),
  });
});

test('a program that is not installed', async () => {
  await expect(CommandStream.start(['/nowhere/kubectl', 'exec'])).rejects.toMatchObject({
    code: 'no-program',
    message: expect.stringContaining('kubectl could not be started'),
    help: expect.stringContaining('Install kubectl'),
  });
});

test('destroying ends the program before the stream is closed', async () => {
  const stream = await CommandStream.start([node, '-e', 'console.log(process.pid); setInterval(() => {}, 1000)']);
  const [chunk] = await once(stream, 'data');
  const pid = Number(String(chunk));
  stream.destroy();
  await once(stream, 'close');
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
});

/** A program that says its id and the one of a child, and what it does when it is told to end. */
async function pidsOf(script: string): Promise<{ readonly stream: CommandStream; readonly pids: readonly number[] }> {
  const stream = await CommandStream.start([node, '-e', script]);
  const [chunk] = await once(stream, 'data');
  return { stream, pids: String(chunk).trim().split(' ').map(Number) };
}

test('a program is asked to end first, so that it can end what it has started', async () => {
  const { stream, pids } = await pidsOf(`
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    process.on('SIGTERM', () => child.kill() && child.once('exit', () => process.exit()));
    console.log(process.pid, child.pid);
  `);
  expect(pids).toHaveLength(2);
  stream.destroy();
  await once(stream, 'close');
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
});

test('one that does not listen is ended all the same', async () => {
  const { stream, pids } = await pidsOf(
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log(process.pid)",
  );
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const closed = once(stream, 'close');
  stream.destroy();
  vi.advanceTimersByTime(1_000);
  await closed;
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
});
