import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bytesMethod, FakeEngine } from '../fixtures/fake-engine.js';
import { turnsUntil } from '../session/fixtures/turns-until.js';
import { GrpcChannel } from './channel.js';

const method = bytesMethod('/test.Service/Method');
const health = '/grpc.health.v1.Health/Check';
let engine: FakeEngine;
let channel: GrpcChannel;

beforeEach(async () => {
  engine = await FakeEngine.start();
  channel = await GrpcChannel.open(connect(engine.path));
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
});

afterEach(async () => {
  vi.useRealTimers();
  await channel.close();
  await engine.close();
});

/** A call that the engine took and does not answer. */
async function pendingCall(): Promise<{ readonly failed: Promise<unknown> }> {
  const taken = new Promise<void>((resolve) => engine.handlers.set(method.path, () => resolve()));
  const failed = channel.unary(method, Buffer.alloc(0)).catch((error: unknown) => error);
  await taken;
  return { failed };
}

function askedForLife(answer: boolean): Promise<void> {
  return new Promise((resolve) =>
    engine.handlers.set(health, (call) => {
      if (answer) call.end({ code: 12 });
      call.stream.on(answer ? 'close' : 'ready', () => resolve());
      resolve();
    }),
  );
}

test('an engine that owes an answer and gives no sign of life is given up', async () => {
  const { failed } = await pendingCall();
  const asked = askedForLife(false);
  vi.advanceTimersByTime(3_000);
  await asked;
  expect(channel.alive).toBe(true);
  vi.advanceTimersByTime(12_000);
  expect(await failed).toMatchObject({ lost: true, message: expect.stringContaining('does not answer any more') });
  expect(channel.fellSilent).toBe(true);
});

test('a refusal is a sign of life, for as long as it takes', async () => {
  await pendingCall();
  for (let round = 0; round < 5; round += 1) {
    const asked = askedForLife(true);
    vi.advanceTimersByTime(3_000);
    await asked;
    // The answer is read in a turn of the event loop after the engine sent it.
    await turnsUntil(() => vi.getTimerCount() === 1);
  }
  expect(engine.calls.filter((path) => path === health)).toHaveLength(5);
  expect(channel.alive).toBe(true);
});

test('nothing is asked, and no timer stands, while no call is under way', async () => {
  engine.answer(method.path, () => Buffer.alloc(0));
  await channel.unary(method, Buffer.alloc(0));
  await turnsUntil(() => vi.getTimerCount() === 0);
  vi.advanceTimersByTime(60_000);
  expect(engine.calls).toEqual([method.path]);
});
