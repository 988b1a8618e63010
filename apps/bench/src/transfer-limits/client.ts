import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openSession } from '@hlb/buildkit';

/** How often the event loop is looked at, in ms; a delay is measured from the look before it. */
const TICK = 5;

/**
 * The measured side: a process that does nothing but to serve a session on a socket. `send NAME=FOLDER…` offers folders, `receive FOLDER`
 * awaits an output there and puts it in place when its standard input ends. Tells then for how long its event loop was blocked at most,
 * in ms.
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
  const delay = monitorEventLoopDelay({ resolution: TICK });
  delay.enable();
  for await (const _chunk of process.stdin);
  await target?.commit();
  delay.disable();
  process.stdout.write(`${delay.max / 1e6 - TICK}\n`);
  // The other side reads what this process took at most, and lets it go.
  await session.closed;
}

const [socket = '', mode = '', ...folders] = process.argv.slice(2);
await main(socket, mode, folders);
