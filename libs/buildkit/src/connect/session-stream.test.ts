import { once } from 'node:events';
import { BytesMessage, ControlService } from '@hlb/proto/control';
import { expect, test } from 'vitest';
import { fakeConnection } from '../fixtures/fake-connection.js';

const fake = fakeConnection();
const { path } = ControlService.session;

function echo(seen: Buffer[] = []): void {
  fake.engine.handlers.set(path, async (call) => {
    for await (const message of call.messages) {
      const { data } = BytesMessage.decode(message);
      seen.push(Buffer.from(data));
      call.send(BytesMessage.encode({ data }).finish());
    }
    call.end();
  });
}

test('bytes go both ways in messages below the limit of old engines; an end is an end', async () => {
  const seen: Buffer[] = [];
  echo(seen);
  const stream = await fake.connection.openSessionStream([]);
  const sent = Buffer.from(Array.from({ length: 3_500_000 }, (_, index) => index % 251));
  const read: Buffer[] = [];
  const ended = (async () => {
    for await (const chunk of stream) read.push(chunk);
  })();
  stream.write(sent.subarray(0, 5));
  stream.write(sent.subarray(5, 5));
  stream.write(sent.subarray(5, 200));
  stream.end(sent.subarray(200));
  await ended;
  expect(Buffer.concat(read).equals(sent)).toBe(true);
  expect(Math.max(...seen.map((data) => data.length))).toBeLessThanOrEqual(1 << 20);
  expect(seen.every((data) => data.length > 0)).toBe(true);
});

test('headers are metadata, repeated ones apart', async () => {
  const called = new Promise<readonly string[]>((resolve) => {
    fake.engine.handlers.set(path, (call) => resolve(call.rawHeaders));
  });
  await fake.connection.openSessionStream([
    ['X-Docker-Expose-Session-Grpc-Method', '/a'],
    ['X-Docker-Expose-Session-Grpc-Method', '/b, with comma'],
  ]);
  const raw = await called;
  const values = raw.filter((_, index) => raw[index - 1] === 'x-docker-expose-session-grpc-method');
  expect(values).toEqual(['/a', '/b, with comma']);
});

test("an engine's refusal is the stream's error", async () => {
  fake.engine.handlers.set(path, (call) => call.end({ code: 3, message: 'no session id' }));
  const stream = await fake.connection.openSessionStream([]);
  const [error] = await once(stream, 'error');
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: 'no session id' });
});

test('destroying it cancels the call alone', async () => {
  const cancelled = new Promise<number>((resolve) => {
    fake.engine.handlers.set(path, (call) => {
      call.stream.on('close', () => resolve(call.stream.rstCode ?? -1));
      call.send(BytesMessage.encode({ data: Buffer.from('x') }).finish());
    });
  });
  const stream = await fake.connection.openSessionStream([]);
  await once(stream, 'data');
  stream.destroy();
  expect(await cancelled).toBe(8);
  expect(fake.connection.channel.alive).toBe(true);
});

test('a lost connection is its error', async () => {
  fake.engine.handlers.set(path, () => fake.engine.drop());
  const stream = await fake.connection.openSessionStream([]);
  const [error] = await once(stream, 'error');
  expect(error).toMatchObject({ lost: true });
});
