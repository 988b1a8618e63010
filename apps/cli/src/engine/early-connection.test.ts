import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { EarlyConnection } from './early-connection.js';

/** A socket at which something listens that never says anything. */
async function silentEngine() {
  const folder = await folderWith({ 'build.hlb': 'fs default() {\n\timag "alpine"\n}\n' });
  const path = join(folder, 'engine.sock');
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => undefined))).listen(path);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const closed = (): Promise<unknown> =>
    Promise.all(sockets.map((socket) => (socket.closed ? undefined : once(socket.resume(), 'close'))));
  return { cwd: folder, address: `unix://${path}`, closed };
}

test('a mistake in the program is told without waiting for the engine, and the connection is closed', async () => {
  const { cwd, address, closed } = await silentEngine();
  const { code, stderr } = await cli(['--engine', address, 'run'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('did you mean `image`');
  expect(stderr).not.toContain(address);
  await closed();
});

test('only a socket of this machine is opened early, and it is given for its own address alone', async () => {
  const { address, closed } = await silentEngine();
  const io = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: {}, cwd: process.cwd() };
  const far = new EarlyConnection(io, 'tcp://192.0.2.1:1234');
  expect(await far.take('tcp://192.0.2.1:1234')).toBeUndefined();
  const early = new EarlyConnection(io, address);
  await early.close();
  expect(await early.take(address)).toBeUndefined();
  await closed();
});
