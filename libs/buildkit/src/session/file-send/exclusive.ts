import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errnoOf } from '../transfer-error.js';

/**
 * Does something while no other process of this machine that asks for the same name does. The name is held by a listening socket,
 * which the system frees when its process is killed; who waits is connected to it, and hears of its end at once.
 * @param name of any length
 */
export async function exclusively<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const release = await hold(socketPath(name));
  try {
    return await work();
  } finally {
    await release();
  }
}

async function hold(path: string): Promise<() => Promise<void>> {
  for (;;) {
    const release = await tryHold(path);
    if (release !== undefined) return release;
    await holderGone(path);
  }
}

/** Undefined when another has it. */
function tryHold(path: string): Promise<(() => Promise<void>) | undefined> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('error', () => undefined).once('close', () => waiting.delete(socket));
  });
  return new Promise((resolve) => {
    server.once('error', (error) => {
      // Where no socket can be had, to go on alone is better than not at all.
      resolve(errnoOf(error) === 'EADDRINUSE' ? undefined : async () => {});
    });
    server.listen(path, () => resolve(() => close(server, waiting)));
  });
}

function close(server: Server, waiting: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of waiting) socket.destroy();
  });
}

/** Resolves when who had it has ended, or seems to have. */
function holderGone(path: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('error', (error) => {
      // Only sockets in the file system outlive a process that was killed.
      if (errnoOf(error) === 'ECONNREFUSED' && path.startsWith('/')) rmSync(path, { force: true });
    });
    socket.once('close', () => resolve());
    socket.resume();
  });
}

/** Linux and Windows have names of sockets that are no files. */
function socketPath(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 40);
  if (process.platform === 'linux') return `\0hlb-${hash}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\hlb-${hash}`;
  return join(tmpdir(), `hlb-${hash}`);
}
