import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

// A process of its own that writes to a real pipe as the command does; it says by IPC how far it is.
const program = `
import { endProcess } from './end-process.ts';
import { processIo, write } from './io.ts';
const io = processIo();
const [how] = process.argv.slice(2);
process.once('message', async () => {
  for (let line = 0; line < 20000; line += 1) {
    await write(line % 2 === 0 ? io.stdout : io.stderr, 'line ' + line + ' ' + 'x'.repeat(40) + '\\n');
  }
  process.send('written', () => {
    process.disconnect();
    void endProcess(io, how === 'interrupted' ? 130 : 3);
  });
});
process.send('ready');
`;

let folder: string;
let script: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hlb-pipe-'));
  script = join(folder, 'write.cjs');
  await build({
    stdin: { contents: program, resolveDir: import.meta.dirname, loader: 'ts' },
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts it with both outputs on one pipe, which nobody reads. */
function started(how: string): { child: ChildProcess; reader: number } {
  const pipe = join(folder, how);
  execFileSync('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(pipe, 'w');
  const child = spawn(process.execPath, [script, how], { stdio: ['ignore', writer, writer, 'ipc'] });
  closeSync(writer);
  return { child, reader };
}

async function said(child: ChildProcess, wanted: string): Promise<void> {
  const [message] = await once(child, 'message');
  expect(message).toBe(wanted);
}

test('a reader that stands still holds nothing up, and gets all of it in order before the process ends', async () => {
  const { child, reader } = started('patient');
  await said(child, 'ready');
  child.send('go');
  // More than a pipe holds has been written, and nothing of it was read.
  await said(child, 'written');
  const chunks: Buffer[] = [];
  const input = new Socket({ fd: reader, readable: true, writable: false });
  input.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [[code]] = await Promise.all([once(child, 'exit'), once(input, 'end')]);
  expect(code).toBe(3);
  const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
  expect(lines).toHaveLength(20_000);
  expect(lines.every((line, place) => line.startsWith(`line ${place} x`))).toBe(true);
});

test('an interrupted command ends, though nobody reads', async () => {
  const { child, reader } = started('interrupted');
  await said(child, 'ready');
  child.send('go');
  await said(child, 'written');
  const [code] = await once(child, 'exit');
  expect(code).toBe(130);
  closeSync(reader);
});

test('a reader that has gone away is no failure', async () => {
  const { child, reader } = started('gone');
  await said(child, 'ready');
  closeSync(reader);
  child.send('go');
  await said(child, 'written');
  const [code] = await once(child, 'exit');
  expect(code).toBe(3);
});
