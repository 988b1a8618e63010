import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BuildkitError } from '../errors/buildkit-error.js';
import { bytesMethod, FakeEngine } from '../fixtures/fake-engine.js';
import { GrpcChannel } from './channel.js';
import { MAX_MESSAGE_BYTES } from './framing.js';

const method = bytesMethod('/test.Service/Method');
let engine: FakeEngine;
let channel: GrpcChannel;

beforeEach(async () => {
  engine = await FakeEngine.start();
  channel = await GrpcChannel.open(connect(engine.path));
});

afterEach(async () => {
  await channel.close();
  await engine.close();
});

async function failure(promise: Promise<unknown>): Promise<BuildkitError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof BuildkitError)) throw new Error(`no BuildkitError: ${String(error)}`);
  return error;
}

test('a unary call: request, answer, metadata', async () => {
  engine.handlers.set(method.path, async (call) => {
    for await (const message of call.messages)
      call.send(Buffer.concat([message, Buffer.from(String(call.headers['x-key']))]));
    call.end();
  });
  const answer = await channel.unary(method, Buffer.from('hello '), { metadata: [['X-Key', 'value']] });
  expect(answer.toString()).toBe('hello value');
});

test('a message just within the limit passes, one beyond is refused before it is sent', async () => {
  engine.answer(method.path, (request) => Buffer.from(String(request.length)));
  const answer = await channel.unary(method, Buffer.alloc(MAX_MESSAGE_BYTES));
  expect(answer.toString()).toBe(String(MAX_MESSAGE_BYTES));
  const error = await failure(channel.unary(method, Buffer.alloc(MAX_MESSAGE_BYTES + 1)));
  expect(error.code).toBe('RESOURCE_EXHAUSTED');
});

test('an error: code and message', async () => {
  engine.handlers.set(method.path, (call) => call.end({ code: 5, message: 'no such thing: Ü' }));
  const error = await failure(channel.unary(method, Buffer.alloc(0)));
  expect(error).toMatchObject({ code: 'NOT_FOUND', message: 'no such thing: Ü', lost: false });
});

test('a stream of answers, then an error', async () => {
  engine.handlers.set(method.path, (call) => {
    for (const text of ['a', 'b', 'c']) call.send(Buffer.from(text));
    call.end({ code: 13, message: 'broken' });
  });
  const read: string[] = [];
  const error = await failure(
    (async () => {
      for await (const message of channel.serverStream(method, Buffer.alloc(0))) read.push(message.toString());
    })(),
  );
  expect(read).toEqual(['a', 'b', 'c']);
  expect(error.code).toBe('INTERNAL');
});

test('both sides talk at once', async () => {
  engine.handlers.set(method.path, async (call) => {
    for await (const message of call.messages) call.send(Buffer.from(message.toString().toUpperCase()));
    call.end();
  });
  const call = channel.call(method);
  const answers = call[Symbol.asyncIterator]();
  for (const text of ['one', 'two']) {
    await call.send(Buffer.from(text));
    expect((await answers.next()).value?.toString()).toBe(text.toUpperCase());
  }
  call.end();
  expect((await answers.next()).done).toBe(true);
});

test('leaving the iteration cancels the call on the engine', async () => {
  const cancelled = new Promise<number>((resolve) => {
    engine.handlers.set(method.path, (call) => {
      call.stream.on('close', () => resolve(call.stream.rstCode ?? -1));
      call.send(Buffer.from('first'));
    });
  });
  for await (const message of channel.serverStream(method, Buffer.alloc(0))) {
    expect(message.toString()).toBe('first');
    break;
  }
  expect(await cancelled).toBe(8);
});

test("an aborted signal cancels the call and is thrown as the signal's reason", async () => {
  const controller = new AbortController();
  const cancelled = new Promise<number>((resolve) => {
    engine.handlers.set(method.path, (call) => {
      call.stream.on('close', () => resolve(call.stream.rstCode ?? -1));
      controller.abort(new Error('enough'));
    });
  });
  await expect(channel.unary(method, Buffer.alloc(0), { signal: controller.signal })).rejects.toThrow('enough');
  expect(await cancelled).toBe(8);
});

test('a signal that is aborted already sends nothing', async () => {
  await expect(channel.unary(method, Buffer.alloc(0), { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow(
    'no',
  );
  expect(engine.calls).toEqual([]);
});

test('an engine that dies fails every call at once, and later ones', async () => {
  engine.handlers.set(method.path, () => engine.drop());
  const error = await failure(channel.unary(method, Buffer.alloc(0)));
  expect(error).toMatchObject({ code: 'UNAVAILABLE', lost: true });
  expect(await channel.closed).toMatchObject({ lost: true });
  expect(await failure(Promise.resolve().then(() => channel.unary(method, Buffer.alloc(0))))).toMatchObject({
    lost: true,
  });
});

test('calls that run when we close are cancelled, not lost', async () => {
  const called = new Promise<void>((resolve) => {
    engine.handlers.set(method.path, () => resolve());
  });
  const pending = failure(channel.unary(method, Buffer.alloc(0)));
  await called;
  await channel.close();
  expect(await pending).toMatchObject({ code: 'CANCELLED', lost: false });
  expect(await channel.closed).toBeUndefined();
});

test('a call that the engine resets ends alone', async () => {
  engine.handlers.set(method.path, (call) => call.stream.close(2));
  const error = await failure(channel.unary(method, Buffer.alloc(0)));
  expect(error).toMatchObject({ code: 'INTERNAL', lost: false });
  engine.answer(method.path, () => Buffer.from('still there'));
  expect((await channel.unary(method, Buffer.alloc(0))).toString()).toBe('still there');
});

test('an answer that is no gRPC', async () => {
  engine.handlers.set(method.path, (call) => {
    call.stream.respond({ ':status': 404 });
    call.stream.end('not found');
  });
  expect(await failure(channel.unary(method, Buffer.alloc(0)))).toMatchObject({ code: 'UNIMPLEMENTED' });
});

test('an answer that breaks off within a message', async () => {
  engine.handlers.set(method.path, (call) => {
    call.send(Buffer.from('x'));
    call.stream.write(Buffer.from([0, 0, 0, 0, 9, 1]));
    call.end();
  });
  expect(await failure(channel.unary(method, Buffer.alloc(0)))).toMatchObject({ code: 'INTERNAL' });
});

test('what does not speak HTTP/2 is told from what does', async () => {
  const other = await FakeEngine.start({ speaks: 'upgrade' });
  await expect(GrpcChannel.open(connect(other.path))).rejects.toThrow();
  await other.close();
});
