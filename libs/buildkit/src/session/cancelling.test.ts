import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { CredentialsRequest, FetchTokenRequest } from '@hlb/proto/auth';
import { ReadContentRequest, WriteAction, WriteContentRequest } from '@hlb/proto/content';
import { GetSecretRequest } from '@hlb/proto/secrets';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { receiveDirectory, sendEntries, stat } from './fixtures/fake-transfer.js';
import { handles, settledHandles } from './fixtures/handles.js';
import { openPlace, type SessionPlace } from './fixtures/open-session.js';
import { bytesMessage } from './grpc/bytes-message.js';

/** Where one operation runs, with a tree in `src` of the folder. */
interface Place extends Pick<SessionPlace, 'engine' | 'session' | 'folder'> {
  /** Ended with the operation: servers of the test. */
  readonly cleanups: (() => void)[];
}

/** An operation from its begin to its end on the engine's side; what it ends with does not matter. */
type Operation = (place: Place) => Promise<unknown>;

const CONTENT = '/containerd.services.content.v1.Content/';
const digestOf = (data: Uint8Array): string => `sha256:${createHash('sha256').update(data).digest('hex')}`;
const BLOB = Buffer.alloc(2_500_000, 'blob');

/** Sends messages one by one, each after an answer, and reads to the end. */
async function converse(
  { engine }: Place,
  method: string,
  metadata: Record<string, string>,
  messages: readonly Uint8Array[],
): Promise<void> {
  const call = engine.call(method, metadata);
  for (const message of messages) {
    call.send(message);
    if (messages.length > 1 && !(await call.next())) return;
  }
  call.end();
  while (await call.next());
  await call.status;
}

const operations: Readonly<Record<string, Operation>> = {
  'a directory sent': async ({ engine, session, folder }) => {
    session.addDirectory({ name: 'src', path: join(folder, 'src') });
    await receiveDirectory(engine, { 'dir-name': 'src' });
  },
  'a directory received': async ({ engine, session, folder }) => {
    const target = session.addTarget({ exporterId: 0, kind: 'directory', path: join(folder, 'out') });
    const entries = Array.from({ length: 40 }, (_, i) => {
      const content = Buffer.alloc(i % 10 === 0 ? 700_000 : 300, i);
      return { stat: stat(`f${100 + i}`, { size: BigInt(content.length) }), content };
    });
    await sendEntries(engine, 0, [...entries, { stat: stat('pipe', { mode: 2 ** 25 + 0o600 }) }]);
    await target.commit().catch(() => undefined);
  },
  'a directory that breaks the protocol': async ({ engine, session, folder }) => {
    const target = session.addTarget({ exporterId: 0, kind: 'directory', path: join(folder, 'out') });
    await sendEntries(engine, 0, [{ stat: stat('a') }, { stat: stat('../b') }]);
    await target.commit().catch(() => undefined);
  },
  'an archive': async (place) => {
    const target = place.session.addTarget({ exporterId: 0, kind: 'file', path: join(place.folder, 'x.tar') });
    const call = place.engine.call('/moby.filesync.v1.FileSend/DiffCopy');
    for (let i = 0; i < 20; i++) call.send(bytesMessage(Buffer.alloc(100_000, i)));
    call.end();
    await call.status;
    await target.commit().catch(() => undefined);
  },
  'an archive for a stream that nobody reads': async ({ engine, session }) => {
    const target = session.addTarget({ exporterId: 0, kind: 'stream', sink: new PassThrough() });
    const call = engine.call('/moby.filesync.v1.FileSend/DiffCopy');
    for (let i = 0; i < 20; i++) call.send(bytesMessage(Buffer.alloc(100_000, i)));
    call.end();
    await call.status;
    await target.discard();
  },
  'a blob read': async (place) => {
    const digest = digestOf(BLOB);
    mkdirSync(join(place.folder, 'store/blobs/sha256'), { recursive: true });
    writeFileSync(join(place.folder, 'store/blobs/sha256', digest.slice(7)), BLOB);
    place.session.addContentStore({ id: 'oci:x', path: join(place.folder, 'store') });
    const request = ReadContentRequest.encode({ digest, offset: 0n, size: 0n }).finish();
    await converse(place, `${CONTENT}Read`, { 'buildkit-attachable-store-id': 'oci:x' }, [request]);
  },
  'a blob written': async (place) => {
    place.session.addContentStore({ id: 'export', path: join(place.folder, 'store'), writable: true });
    const digest = digestOf(BLOB);
    const messages = [
      { action: WriteAction.STAT, ref: 'r', total: BigInt(BLOB.length), expected: digest },
      { action: WriteAction.WRITE, ref: 'r', data: BLOB.subarray(0, 1_000_000) },
      { action: WriteAction.WRITE, ref: 'r', offset: 1_000_000n, data: BLOB.subarray(1_000_000) },
      { action: WriteAction.COMMIT, ref: 'r', offset: BigInt(BLOB.length), expected: digest },
    ].map((fields) => WriteContentRequest.encode(WriteContentRequest.fromPartial(fields)).finish());
    await converse(place, `${CONTENT}Write`, { 'buildkit-attachable-store-id': 'export' }, messages);
  },
  'a secret from a file': async (place) => {
    writeFileSync(join(place.folder, 'secret'), 'x'.repeat(400_000));
    place.session.addSecret({ id: 's', source: { kind: 'file', path: join(place.folder, 'secret') } });
    const request = GetSecretRequest.encode(GetSecretRequest.fromPartial({ ID: 's' })).finish();
    await converse(place, '/moby.buildkit.secrets.v1.Secrets/GetSecret', {}, [request]);
  },
  'a secret that never comes': async (place) => {
    place.session.addSecret({ id: 's', source: { kind: 'callback', get: () => new Promise(() => undefined) } });
    const request = GetSecretRequest.encode(GetSecretRequest.fromPartial({ ID: 's' })).finish();
    await converse(place, '/moby.buildkit.secrets.v1.Secrets/GetSecret', {}, [request]);
  },
  'credentials of a helper that waits for its user': async (place) => {
    const request = CredentialsRequest.encode({ Host: 'slow.example' }).finish();
    await converse(place, '/moby.filesync.v1.Auth/Credentials', {}, [request]);
  },
  'a token of a server that does not answer': async (place) => {
    const sockets = new Set<net.Socket>();
    const server = http.createServer(() => undefined).on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    place.cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const request = FetchTokenRequest.fromPartial({ Host: 'plain.example', Realm: `http://127.0.0.1:${port}/token` });
    await converse(place, '/moby.filesync.v1.Auth/FetchToken', {}, [FetchTokenRequest.encode(request).finish()]);
  },
  'an ssh agent that does not answer': async (place) => {
    const sockets = new Set<net.Socket>();
    const path = join(place.folder, 'agent');
    const server = net.createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    place.cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    place.session.addAgent({ id: 'default', kind: 'agent', socket: path });
    const call = place.engine.call('/moby.sshforward.v1.SSH/ForwardAgent', { 'buildkit.ssh.id': 'default' });
    call.send(bytesMessage(Buffer.from([0, 0, 0, 1, 11])));
    while (await call.next());
  },
  'an upload': async (place) => {
    const source = new PassThrough();
    source.write(Buffer.alloc(1_000_000));
    const url = new URL(place.session.addUpload(source));
    await converse(place, '/moby.upload.v1.Upload/Pull', { urlpath: url.pathname, urlhost: url.host }, []);
  },
  'a health watch': async (place) => {
    await converse(place, '/grpc.health.v1.Health/Watch', {}, [new Uint8Array()]);
  },
};

function makePlace(folder: string): void {
  mkdirSync(join(folder, 'src/sub'), { recursive: true });
  for (let i = 0; i < 30; i++)
    writeFileSync(join(folder, `src/sub/f${i}`), Buffer.alloc(i % 6 === 0 ? 900_000 : 500, i));
  writeFileSync(join(folder, 'docker-credential-slow'), '#!/bin/sh\nexec sleep 600\n');
  chmodSync(join(folder, 'docker-credential-slow'), 0o755);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ credHelpers: { 'slow.example': 'slow' } }));
}

const ways = ['the session is closed', 'the connection breaks', 'the engine resets its calls'] as const;
type Way = (typeof ways)[number];

/** Runs one operation and ends it after so many turns of the event loop. Returns the handles before and after. */
async function cancelled(
  operation: Operation,
  turns: number,
  way: Way,
): Promise<{ before: readonly string[]; after: readonly string[]; left: string[] }> {
  let before: readonly string[] = [];
  const place = await openPlace({
    before: (folder) => {
      makePlace(folder);
      before = handles();
    },
    options: (folder) => {
      const env = { ...process.env, DOCKER_CONFIG: folder, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
      return { auth: { env } };
    },
  });
  const { engine, folder } = place;
  const cleanups: (() => void)[] = [];
  const running = operation({ ...place, cleanups }).catch(() => undefined);
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  if (way === 'the engine resets its calls') engine.cancelAll();
  if (way === 'the connection breaks') await engine.close();
  await place.close();
  await running;
  for (const cleanup of cleanups) cleanup();
  const after = await settledHandles(before);
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /partial|ingest\/./.test(name),
  );
  place.remove();
  return { before, after, left };
}

test.each(Object.entries(operations))('%s, ended anywhere, leaves nothing behind', async (_name, operation) => {
  await cancelled(operation, 0, 'the session is closed'); // what is loaded or opened once
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.nat(30), fc.nat(400)), fc.constantFrom(...ways), async (turns, way) => {
      const { before, after, left } = await cancelled(operation, turns, way);
      expect(after).toEqual(before);
      expect(left).toEqual([]);
    }),
    { numRuns: 16 },
  );
});
