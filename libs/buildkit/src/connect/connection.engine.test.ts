import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localSource, marshal } from '@hlb/llb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { solve } from '../control/solve.js';
import { openSession } from '../session/session.js';
import { connect } from './connect.js';

let server: Server;
let address: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'connection-'));
  // A network on the way: there the session goes over the one connection.
  server = createServer((socket) => {
    const engine = connectSocket(testEngine().address.replace('unix://', ''));
    socket.pipe(engine).pipe(socket);
    socket.on('error', () => engine.destroy());
    engine.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  address = `tcp://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

test('over a network one connection carries everything, the session too', async () => {
  const content = randomBytes(20 << 20);
  writeFileSync(join(folder, 'big'), content);
  const connection = await connect(address, { expect: 'docker' });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  const session = await openSession(connection);
  session.addDirectory({ name: 'src', path: folder });
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: join(folder, 'out') });
  const definition = marshal(localSource({ name: 'src', sessionId: session.id, includePatterns: ['big'] }), {
    platform: { os: 'linux', architecture: 'amd64' },
  });
  const build = solve(
    connection,
    { definition, session: session.id, exporters: [{ type: 'local' }] },
    { progress: false },
  );
  await build.done;
  await target.commit();
  expect(readFileSync(join(folder, 'out', 'big')).equals(content)).toBe(true);
  await session.close();
  await connection.close();
  expect(connections).toBe(0);
});
