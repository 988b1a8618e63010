import type { Server } from 'node:net';

/** Lets a server listen on a free port of this machine. Gives `localhost:PORT`. */
export async function listenLocally(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, 'localhost', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return `localhost:${address.port}`;
}
