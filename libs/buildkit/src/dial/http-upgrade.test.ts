import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { UpgradeRefused, upgrade } from './http-upgrade.js';

let server: Server | undefined;

afterEach(() => {
  server?.close();
});

/** A server that answers the first bytes that come with these, and gives a client's socket. */
async function serverThat(answer: (socket: Socket, request: string) => void): Promise<Socket> {
  const listening = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (chunk) => answer(socket, chunk.toString()));
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  return connect(typeof address === 'object' && address !== null ? address.port : 0);
}

const request = {
  path: '/session',
  host: 'docker',
  headers: [
    ['X-Name', 'one'],
    ['X-Name', 'two'],
  ],
} as const;

test('asks with all headers, and gives the stream from the first byte after the head', async () => {
  let asked = '';
  const socket = await serverThat((from, text) => {
    asked = text;
    from.write('HTTP/1.1 101 UPGRADED\r\nUpgrade: h2c\r\n\r\nfirst');
    from.end(' bytes');
  });
  await upgrade(socket, request);
  expect(asked).toBe(
    'POST /session HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nX-Name: one\r\nX-Name: two\r\n\r\n',
  );
  const read: Buffer[] = [];
  for await (const chunk of socket) read.push(chunk);
  expect(Buffer.concat(read).toString()).toBe('first bytes');
});

test('a head that comes byte by byte', async () => {
  const socket = await serverThat(async (from) => {
    for (const byte of 'HTTP/1.1 101 X\r\n\r\n') {
      from.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    from.end('!');
  });
  await upgrade(socket, request);
  for await (const chunk of socket) expect(chunk.toString()).toBe('!');
});

test.each([
  ['a refusal', 'HTTP/1.1 404 Not Found\r\n\r\n{"message":"page not found"}', 404, /page not found/],
  ['something else than HTTP', 'SSH-2.0-OpenSSH\r\n', 0, /no HTTP/],
  ['the settings of HTTP/2', Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]), 0, /no HTTP/],
  ['nothing', '', 0, /without an answer/],
  ['half a head', 'HTTP/1.1 101', 0, /without an answer/],
])('%s', async (_name, answer, status, message) => {
  const socket = await serverThat((from) => from.end(answer));
  const error = await upgrade(socket, request).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UpgradeRefused);
  expect(error).toMatchObject({ status, message: expect.stringMatching(message) });
  expect(socket.destroyed).toBe(true);
});

test('is given up when the signal says so', async () => {
  const controller = new AbortController();
  const socket = await serverThat(() => controller.abort(new Error('enough')));
  await expect(upgrade(socket, request, controller.signal)).rejects.toThrow('enough');
  expect(socket.destroyed).toBe(true);
});

test('a header that would add others is refused', async () => {
  const socket = await serverThat(() => undefined);
  await expect(upgrade(socket, { ...request, headers: [['X', 'a\r\nY: b']] })).rejects.toThrow(TypeError);
  socket.destroy();
});
