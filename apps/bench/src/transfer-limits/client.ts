import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { openSession } from '@hlb/buildkit';

/** How often the event loop is looked at, in ms. */
const TICK = 2;

/** How long this thread has waited for a core so far, in ms, while others had it. */
function waited(): number {
  const [, nanoseconds] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}

/** Watches the event loop; ends with the longest time, in ms, for which it did not run, without what others had its core for. */
function watchEventLoop(): () => number {
  let longest = 0;
  let looked = performance.now();
  let lost = waited();
  const timer = setInterval(() => {
    const now = performance.now();
    const lostNow = waited();
    longest = Math.max(longest, now - looked - (lostNow - lost) - TICK);
    looked = now;
    lost = lostNow;
  }, TICK);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

/**
 * The measured side: a process that does nothing but to serve a session on a socket. `send NAME=FOLDER…` offers folders, `receive FOLDER`
 * awaits an output there and puts it in place when its standard input ends. Tells then for how long its event loop was held at
 * most, in ms.
 */
async function main(socket: string, mode: string, folders: readonly string[]): Promise<void> {
  const session = await openSession({ openSessionStream: async () => connect(socket) });
  const [first = ''] = folders;
  const target = mode === 'receive' ? session.addTarget({ exporterId: 0, kind: 'directory', path: first }) : undefined;
  if (!target) {
    for (const folder of folders) {
      const equals = folder.indexOf('=');
      session.addDirectory({ name: folder.slice(0, equals), path: folder.slice(equals + 1) });
    }
  }
  const held = watchEventLoop();
  for await (const _chunk of process.stdin);
  await target?.commit();
  process.stdout.write(`${held()}\n`);
  // The other side reads what this process took at most, and lets it go.
  await session.closed;
}

const [socket = '', mode = '', ...folders] = process.argv.slice(2);
await main(socket, mode, folders);
