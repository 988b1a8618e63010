import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeEngine } from '../fixtures/fake-engine.js';
import type { ServerCall } from './call.js';
import { GrpcError } from './grpc-error.js';
import { type CallHandler, type GrpcConnection, serveGrpc } from './server.js';

let engine: FakeEngine;
let server: GrpcConnection;
const handlers = new Map<string, CallHandler>();

beforeEach(async () => {
  engine = new FakeEngine();
  server = serveGrpc(await engine.openSessionStream([]), handlers);
});

afterEach(async () => {
  await server.close();
  await engine.close();
  handlers.clear();
});

test('echoes a stream and ends with OK', async () => {
  handlers.set('/t/Echo', async (call) => {
    for await (const message of call) call.send(message);
  });
  const call = engine.call('/t/Echo');
  call.send(Buffer.from('one'));
  expect((await call.next())?.toString()).toBe('one');
  call.send(Buffer.alloc(100_000, 'x'));
  expect((await call.next())?.length).toBe(100_000);
  call.end();
  expect(await call.next()).toBeUndefined();
  expect(await call.status).toEqual({ code: 0, message: '' });
});

test('an error before any message needs no headers of its own', async () => {
  handlers.set('/t/Fail', async () => {
    throw new GrpcError('NOT_FOUND', 'nö', { details: Buffer.from('d') });
  });
  expect(await engine.call('/t/Fail').status).toEqual({ code: 5, message: 'nö', details: Buffer.from('d') });
});

test('a handler that throws at once is an error of the call', async () => {
  handlers.set('/t/Throw', () => {
    throw new GrpcError('PERMISSION_DENIED', 'no');
  });
  expect(await engine.call('/t/Throw').status).toEqual({ code: 7, message: 'no' });
});

test('an error after messages comes in the trailers', async () => {
  handlers.set('/t/Late', async (call) => {
    call.send(Buffer.from('x'));
    throw new Error('boom');
  });
  const call = engine.call('/t/Late');
  expect((await call.next())?.toString()).toBe('x');
  expect(await call.status).toEqual({ code: 2, message: 'boom' });
});

test('a call that is over ends for a peer that keeps its side open', async () => {
  handlers.set('/t/Early', async (call) => {
    call.send(Buffer.from('done'));
  });
  const call = engine.call('/t/Early');
  const closed = new Promise<void>((resolve) => call.stream.once('close', resolve));
  expect(await call.status).toEqual({ code: 0, message: '' });
  await closed;
});

test('cancelling wakes everything that waits', async () => {
  const outcome = new Promise<unknown>((resolve) => {
    handlers.set('/t/Wait', async (call) => {
      call.write(Buffer.alloc(64 * 1024 * 1024)); // far more than the peer's window
      const waiting = call.room()?.catch((error: unknown) => String(error));
      await new Promise<void>((aborted) => call.signal.addEventListener('abort', () => aborted(), { once: true }));
      resolve([await waiting, await call.room()?.catch((error: unknown) => String(error)), call.failure?.status]);
    });
  });
  const call = engine.call('/t/Wait');
  call.stream.pause();
  await new Promise<void>((resolve) => call.stream.once('response', () => resolve()));
  call.cancel();
  expect(await outcome).toEqual([
    'GrpcError: the engine ended the call',
    'GrpcError: the engine ended the call',
    'CANCELLED',
  ]);
});

test('a call that is not read holds back itself, and no other', async () => {
  const MESSAGE = Buffer.alloc(32 * 1024);
  /** Writes as much as there is room for at first. */
  const fill = (call: ServerCall): number => {
    let written = 0;
    for (; call.room() === undefined; written += MESSAGE.length) call.send(MESSAGE);
    return written;
  };
  const first = new Promise<number>((resolve) => {
    handlers.set('/t/Unread', async (call) => {
      resolve(fill(call));
      await new Promise<void>((ended) => call.signal.addEventListener('abort', () => ended(), { once: true }));
    });
  });
  handlers.set('/t/Read', async (call) => {
    for (let i = 0; i < 100; i++) {
      call.send(MESSAGE);
      await call.room();
    }
  });
  const unread = engine.call('/t/Unread');
  unread.stream.pause();
  // More than the peer's window for the call: it stays where it is.
  const written = await first;
  expect(written).toBeGreaterThanOrEqual(1024 * 1024);
  expect(written).toBeLessThan(2 * 1024 * 1024);
  const read = engine.call('/t/Read');
  let messages = 0;
  while (await read.next()) messages += 1;
  expect(messages).toBe(100);
  // What it had in the queue goes with it.
  unread.cancel();
  await unread.status;
  const again = new Promise<number>((resolve) => {
    handlers.set('/t/Again', async (call) => resolve(fill(call)));
  });
  const next = engine.call('/t/Again');
  while (await next.next());
  expect(await again).toBe(written);
});

test('a peer that sends without being read is held back', async () => {
  let release: (() => void) | undefined;
  let received = 0;
  const seen = new Promise<ServerCall>((resolve) => {
    handlers.set('/t/Slow', async (call) => {
      await call.receive();
      resolve(call);
      await new Promise<void>((go) => {
        release = go;
      });
      for await (const message of call) received += message.length;
    });
  });
  const call = engine.call('/t/Slow');
  let sent = 0;
  // The peer's stream says when it can take no more: after the window and its own buffer.
  const message = Buffer.alloc(1024 * 1024);
  while (sent < 64) {
    const flowing = call.send(message);
    sent += 1;
    if (!flowing && sent > 1) break;
  }
  await seen;
  for (let i = sent; i < 32; i++) call.send(message);
  const heldBack = call.stream.writableLength;
  expect(heldBack).toBeGreaterThan(16 * 1024 * 1024);
  release?.();
  call.end();
  expect((await call.status).code).toBe(0);
  expect(received).toBe(31 * message.length);
});

test('a thousand repeated keys arrive one by one', async () => {
  const patterns = Array.from({ length: 1000 }, (_, i) => `dir-${i}/**, x`);
  let got: readonly string[] = [];
  handlers.set('/t/Headers', async (call) => {
    got = call.metadata.getAll('exclude-patterns');
  });
  expect((await engine.call('/t/Headers', { 'exclude-patterns': patterns }).status).code).toBe(0);
  expect(got).toEqual(patterns);
});

test('messages over 16 MiB end the call', async () => {
  handlers.set('/t/Big', async (call) => {
    for await (const message of call) call.send(message);
  });
  const call = engine.call('/t/Big');
  call.stream.write(Buffer.from([0, 0x01, 0x00, 0x00, 0x01]));
  expect(await call.status).toMatchObject({ code: 8 });
});

test('what is not gRPC is told so', async () => {
  const call = engine.call('/t/Any', { 'content-type': 'text/plain' });
  const status = await new Promise((resolve) => call.stream.on('response', (headers) => resolve(headers[':status'])));
  expect(status).toBe(415);
});

test('closing ends calls that run, and settles closed', async () => {
  handlers.set('/t/Forever', async (call) => {
    await call.receive();
  });
  const call = engine.call('/t/Forever');
  call.stream.write(Buffer.alloc(0));
  await engine.call('/t/Unknown').status;
  await server.close();
  expect((await call.status).code).not.toBe(0);
  expect(await server.closed).toBeUndefined();
});

test('a connection that breaks settles closed and cancels calls', async () => {
  const cancelled = new Promise<unknown>((resolve) => {
    handlers.set('/t/Forever', (call) => call.receive().then(() => undefined, resolve));
  });
  engine.call('/t/Forever');
  await engine.call('/t/Unknown').status;
  await engine.close();
  await server.closed;
  expect(String(await cancelled)).toContain('the engine ended the call');
});

test('a stream that is still connecting', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'connecting-'));
  const listening = net.createServer();
  await new Promise<void>((resolve) => listening.listen(join(folder, 's'), resolve));
  const accepted = new Promise<net.Socket>((resolve) => listening.once('connection', resolve));
  const connecting = net.connect(join(folder, 's'));
  handlers.set('/t/Answer', async (call) => call.send(Buffer.from('answer')));
  const early = serveGrpc(connecting, handlers);
  const ours = await accepted;
  const fake = new FakeEngine(async () => [ours, connecting]);
  await fake.openSessionStream([]);
  expect((await fake.unary('/t/Answer', new Uint8Array())).toString()).toBe('answer');
  await early.close();
  await fake.close();
  listening.close();
  await rm(folder, { recursive: true });
});
