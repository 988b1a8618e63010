import { once } from 'node:events';
import { BuildHistoryEventType, BuildHistoryRecord, ControlService, type SolveRequest } from '@hlb/proto/control';
import { LLBBridgeService } from '@hlb/proto/gateway';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connect } from '../connect/connect.js';
import type { Connection } from '../connect/connection.js';
import { fakeConnection } from '../fixtures/fake-connection.js';
import type { Gateway, GatewayOptions } from './gateway.js';
import { openGateway } from './open-gateway.js';

/* An error that was too long for a header of HTTP/2 is told all the same, by a build of its own whose record the engine keeps. */

const fake = fakeConnection();
const health = '/grpc.health.v1.Health/Check';

/** A build whose solves are all broken off by `end`; gives the requests for builds with a frontend of their own. */
async function brokenGateway(
  options: GatewayOptions,
  end: (close: () => void) => void = (close) => close(),
  connection: Connection = fake.connection,
): Promise<{ readonly gateway: Gateway; readonly asked: SolveRequest[]; readonly deleted: string[] }> {
  const asked: SolveRequest[] = [];
  const deleted: string[] = [];
  fake.engine.announce({ llb: [], gateway: [] });
  const whole = fake.engine.handlers.get(ControlService.solve.path);
  fake.engine.handlers.set(ControlService.solve.path, async (call) => {
    // The message is read once: of the gateway's own build by what answers for it.
    if (asked.length === 0 && fake.engine.calls.filter((path) => path === ControlService.solve.path).length === 1) {
      await whole?.(call);
      return;
    }
    for await (const message of call.messages) asked.push(ControlService.solve.requestDeserialize(message));
  });
  fake.engine.handlers.set(LLBBridgeService.solve.path, (call) => end(() => call.stream.close(11)));
  fake.engine.on(ControlService.updateBuildHistory, ({ Ref, Delete }) => {
    if (Delete) deleted.push(Ref);
    return {};
  });
  const gateway = await openGateway(connection, options);
  onTestFinished(() => gateway.close());
  return { gateway, asked, deleted };
}

/** The engine remembers this of the build that is asked for. */
function remembers(error: { readonly code: number; readonly message: string } | undefined): void {
  fake.engine.handlers.set(ControlService.listenBuildHistory.path, async (call) => {
    for await (const message of call.messages) {
      const { Ref, EarlyExit } = ControlService.listenBuildHistory.requestDeserialize(message);
      // The gateway's own build, whose end is looked for too, is in no history.
      if (EarlyExit) continue;
      const at = (type: BuildHistoryEventType, more: object): void => {
        const record = BuildHistoryRecord.fromPartial({ Ref, ...more });
        call.send(ControlService.listenBuildHistory.responseSerialize({ type, record }));
      };
      at(BuildHistoryEventType.STARTED, {});
      at(BuildHistoryEventType.COMPLETE, error === undefined ? {} : { error: { ...error, details: [] } });
    }
  });
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

const STORY = { code: 9, message: 'the whole story' };

test('of a solve that is broken off', async () => {
  remembers(STORY);
  const { gateway, asked, deleted } = await brokenGateway({ session: 's', exporters: [{ type: 'tar' }] });
  const solving = gateway.solve({ frontend: 'f', frontendAttrs: new Map([['target', 't']]) });
  await expect(solving).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', message: 'the whole story' });
  // The same work, for the same session, of which nothing is exported, and whose record goes again.
  expect(asked).toMatchObject([
    { Frontend: 'f', FrontendAttrs: new Map([['target', 't']]), Session: 's', Exporters: [], Internal: false },
  ]);
  expect(deleted).toEqual(asked.map(({ Ref }) => Ref));
  // The connections that this took are closed.
  await expect.poll(() => fake.engine.sockets.size).toBe(1);
});

test('of a solve after which the connection falls silent', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  remembers(STORY);
  // One of its own, all of whose timers are of the clock that is moved.
  const connection = await connect(fake.engine.address);
  onTestFinished(() => connection.close());
  const solved = new AbortController();
  const { gateway } = await brokenGateway({}, () => solved.abort(), connection);
  const life = new AbortController();
  fake.engine.handlers.set(health, () => life.abort());
  const failing = gateway.solve({ frontend: 'f' }).catch((error: unknown) => error);
  await aborted(solved.signal);
  vi.advanceTimersByTime(3_000);
  await aborted(life.signal);
  vi.advanceTimersByTime(12_000);
  expect(await failing).toMatchObject({ message: 'the whole story' });
  expect(connection.channel.fellSilent).toBe(true);
});

test.each<[string, () => void]>([
  ['has no error', () => remembers(undefined)],
  ['is not kept', () => fake.engine.handlers.delete(ControlService.listenBuildHistory.path)],
  [
    'breaks off',
    () => fake.engine.handlers.set(ControlService.listenBuildHistory.path, (call) => call.stream.close(2)),
  ],
])('where the record of it %s, what is known is told', async (_name, prepare) => {
  prepare();
  const { gateway } = await brokenGateway({});
  await expect(gateway.solve({ frontend: 'f' })).rejects.toMatchObject({ code: 'INTERNAL', brokenOff: true });
  await expect.poll(() => fake.engine.sockets.size).toBe(1);
});

test('a definition is not solved again: its error has another place', async () => {
  const { gateway, asked } = await brokenGateway({});
  const definition = { def: [], digests: [], metadata: new Map() };
  const solving: Promise<unknown> = Reflect.apply(gateway.solve, gateway, [{ definition }]);
  await expect(solving).rejects.toMatchObject({ brokenOff: true });
  expect(asked).toEqual([]);
});

test('giving up ends the second build too', async () => {
  fake.engine.handlers.set(ControlService.listenBuildHistory.path, () => undefined);
  const { gateway, asked } = await brokenGateway({});
  const failing = gateway.solve({ frontend: 'f' }).catch((error: unknown) => error);
  await expect.poll(() => asked.length).toBe(1);
  gateway.cancel();
  expect(await failing).toMatchObject({ brokenOff: true });
  await expect.poll(() => fake.engine.sockets.size).toBe(1);
});
