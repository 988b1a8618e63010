import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GrpcChannel, type Method } from '@hlb/buildkit';
import { EverReading } from './ever-reading.js';

/** How often health is asked for, in ms. Engines ask every 5 s; more often finds the worst moment. */
const HEALTH_INTERVAL = 10;

const HEALTH: Method<Uint8Array, Uint8Array> = {
  path: '/grpc.health.v1.Health/Check',
  requestSerialize: (message) => message,
  responseDeserialize: (message) => message,
};

/** What a session took. */
export interface SessionFigures {
  /** The highest resident memory, in bytes. */
  readonly peak: number;
  /** The longest time that an answer to the health check took, in ms. What the player of the engine was late itself is in it. */
  readonly health: number;
  /** The longest time that the session's process kept its event loop from running, in ms. */
  readonly blocked: number;
}

/**
 * Starts a session in a process of its own, plays its engine with `transfer`, and asks for health all the while.
 *
 * @param folder where the socket is made
 */
export async function measureSession(
  folder: string,
  mode: 'send' | 'receive',
  path: string,
  transfer: (channel: GrpcChannel) => Promise<void>,
): Promise<SessionFigures> {
  const socketPath = join(folder, 'session.sock');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const accepted = once(server, 'connection');
  const program = fileURLToPath(new URL('client.js', import.meta.url));
  const child = spawn(process.execPath, [program, socketPath, mode, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [socket]: Socket[] = await accepted;
    if (socket === undefined) throw new Error('no connection came');
    const channel = await GrpcChannel.open(new EverReading(socket));
    const health = watchHealth(channel);
    await transfer(channel);
    const longest = await health.stop();
    child.stdin.end();
    const [told]: Buffer[] = await once(child.stdout, 'data');
    const blocked = Number(told);
    const peak = peakOf(child);
    await channel.close();
    await once(child, 'exit');
    return { peak, health: longest, blocked };
  } finally {
    child.kill();
    server.close();
  }
}

function watchHealth(channel: GrpcChannel): { stop(): Promise<number> } {
  let longest = 0;
  let going = true;
  const run = async (): Promise<void> => {
    while (going) {
      const asked = performance.now();
      await channel.unary(HEALTH, new Uint8Array());
      longest = Math.max(longest, performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, HEALTH_INTERVAL));
    }
  };
  const running = run();
  return {
    async stop() {
      going = false;
      await running;
      return longest;
    },
  };
}

function peakOf(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}
