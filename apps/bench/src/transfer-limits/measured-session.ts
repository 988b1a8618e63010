import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GrpcChannel } from '@hlb/buildkit';
import { type Answers, askForHealth } from './answers.js';
import { EverReading } from './ever-reading.js';

/** What a session took. */
export interface SessionFigures {
  /** The highest resident memory, in bytes. */
  readonly peak: number;
  /** Answers of the session, what the player of the engine was late itself among their times. */
  readonly health: Answers;
  /** Answers of a server that has nothing to do, asked by the same player at the same time: what the machine and the player need. */
  readonly idle: Answers;
  /** The longest time that the session held its event loop, in ms: its work and its waits for the disk and the collector, not those for a core. */
  readonly held: number;
}

/** What a session offers to its engine, or takes from it. */
export type SessionWork =
  | { readonly mode: 'send'; readonly folders: ReadonlyMap<string, string> }
  | { readonly mode: 'receive'; readonly folder: string };

/**
 * Starts a session in a process of its own, plays its engine with `transfer`, and asks for health all the while.
 *
 * @param place where sockets are made
 */
export async function measureSession(
  place: string,
  work: SessionWork,
  transfer: (channel: GrpcChannel) => Promise<void>,
): Promise<SessionFigures> {
  const folders = work.mode === 'send' ? [...work.folders].map(([name, path]) => `${name}=${path}`) : [work.folder];
  const session = await startPeer(place, 'client.js', [work.mode, ...folders]);
  const idle = await startPeer(place, 'idle-server.js', []).catch(async (error: unknown) => {
    await session.stop();
    throw error;
  });
  try {
    const ofSession = askForHealth(session.channel);
    const ofIdle = askForHealth(idle.channel);
    await transfer(session.channel);
    session.child.stdin?.end();
    if (!session.child.stdout) throw new Error('the session has no output');
    // Putting an output into its place is part of the work.
    const [told]: Buffer[] = await once(session.child.stdout, 'data');
    const [health, floor] = await Promise.all([ofSession.stop(), ofIdle.stop()]);
    return { peak: peakOf(session.child), health, idle: floor, held: Number(told) };
  } finally {
    await Promise.all([session.stop(), idle.stop()]);
  }
}

/** A process that has connected to this one as a session does to its engine. */
interface Peer {
  readonly child: ChildProcess;
  readonly channel: GrpcChannel;
  stop(): Promise<void>;
}

/** @param program beside this file, called with the socket's path and `args` */
async function startPeer(place: string, program: string, args: readonly string[]): Promise<Peer> {
  const path = join(place, `${program}.sock`);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, [file, path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    const channel = await GrpcChannel.open(new EverReading(await accepted(server, ended)));
    return {
      child,
      channel,
      async stop() {
        await channel.close();
        child.kill();
        await ended;
      },
    };
  } catch (error) {
    child.kill();
    await ended;
    throw error;
  } finally {
    server.close();
  }
}

async function accepted(server: Server, ended: Promise<unknown>): Promise<Socket> {
  const failed = ended.then(() => Promise.reject(new Error('the measured program ended before it connected')));
  const [socket]: Socket[] = await Promise.race([once(server, 'connection'), failed]);
  if (socket === undefined) throw new Error('no connection came');
  return socket;
}

function peakOf(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}
