import { connect, createServer, type Socket } from 'node:net';

/** What a network does to what runs over it. */
export type Roughness =
  /** All connections end, and none is taken any more. */
  | 'cut'
  /** They are reset. */
  | 'reset'
  /** They stay, but nothing gets through. */
  | 'hole'
  /** Everything gets through a third of a second late. */
  | 'delay';

/** How late what is delayed comes (ms). */
const DELAY_MS = 300;

/** A way to an engine, over TCP, that can be made rough. */
export interface RoughProxy {
  readonly address: string;
  rough(how: Roughness): void;
  close(): void;
}

/** Stands between a client and the engine at `unix://…`. */
export async function roughProxy(engine: string): Promise<RoughProxy> {
  let how: Roughness | undefined;
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    if (how === 'cut' || how === 'reset') {
      client.resetAndDestroy();
      return;
    }
    clients.add(client);
    const upstream = connect(engine.replace('unix://', ''));
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(from);
          if (how !== 'hole') to.destroy();
        });
      const pass = (what: () => void): void => {
        if (how === 'hole') return;
        if (how === 'delay') setTimeout(what, DELAY_MS);
        else what();
      };
      from.on('data', (chunk) => pass(() => to.writable && to.write(chunk)));
      from.on('end', () => pass(() => to.end()));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    address: `tcp://127.0.0.1:${port}`,
    rough(next) {
      how = next;
      if (next === 'cut') for (const socket of sockets) socket.destroy();
      // Only TCP knows resets: what leads to the engine ends with the client's side.
      if (next === 'reset') for (const client of clients) client.resetAndDestroy();
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
