import { once } from 'node:events';
import { expect, test } from 'vitest';
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
