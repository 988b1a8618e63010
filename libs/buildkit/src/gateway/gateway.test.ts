import { ExecMessage, SolveResponse as GatewaySolveResponse, LLBBridgeService, type Result } from '@hlb/proto/gateway';
import { expect, onTestFinished, test } from 'vitest';
import { Capabilities } from '../capabilities/capabilities.js';
import { fakeConnection } from '../fixtures/fake-connection.js';
import type { Container } from './container.js';
import type { Gateway } from './gateway.js';
import { openGateway } from './open-gateway.js';
import type { ProcessExit } from './process.js';

/* What engines of other releases answer, and are asked instead of what they don't know. */

const fake = fakeConnection();
const { solve, evaluate, statFile, resolveImageConfig, resolveSourceMeta, warn } = LLBBridgeService;

async function open(...gateway: readonly string[]): Promise<Gateway> {
  fake.engine.announce({ llb: [], gateway });
  const opened = await openGateway(fake.connection);
  onTestFinished(() => opened.close());
  return opened;
}

function gives(result: Result['result']): void {
  fake.engine.on(solve, () => GatewaySolveResponse.fromPartial({ result: { result } }));
}

const called = ({ path }: { readonly path: string }): boolean => fake.engine.calls.includes(path);

test.each([
  [[], statFile],
  [['gateway.evaluate'], evaluate],
])('an engine that can not evaluate while it solves is asked afterwards (%j)', async (caps, method) => {
  const gateway = await open(...caps);
  gives({ $case: 'ref', value: { id: 'x', def: undefined } });
  fake.engine.on(statFile, ({ Ref, Path }) => {
    expect([Ref, Path]).toEqual(['x', '.']);
    return {
      stat: {
        path: '.',
        mode: 0,
        uid: 0,
        gid: 0,
        size: 0n,
        modTime: 0n,
        linkname: '',
        devmajor: 0n,
        devminor: 0n,
        xattrs: new Map(),
      },
    };
  });
  fake.engine.on(evaluate, () => ({}));
  await gateway.solve({ frontend: 'f' });
  expect(called(method)).toBe(false);
  await gateway.solve({ frontend: 'f', evaluate: true });
  expect(called(method)).toBe(true);
});

test('one that can is asked once', async () => {
  const gateway = await open('gateway.solve.evaluate', 'gateway.evaluate');
  gives({ $case: 'ref', value: { id: 'x', def: undefined } });
  await gateway.solve({ frontend: 'f', evaluate: true });
  expect([called(evaluate), called(statFile)]).toEqual([false, false]);
});

test('an image is asked for in the way that the engine knows', async () => {
  fake.engine.on(resolveImageConfig, () => ({ Digest: 'sha256:old', Config: Buffer.from('{}'), Ref: '' }));
  fake.engine.on(resolveSourceMeta, () => ({
    Source: undefined,
    Image: { Digest: 'sha256:new', Config: Buffer.from('{}'), AttestationChain: undefined },
    Git: undefined,
    HTTP: undefined,
  }));
  expect(await (await open()).resolveImageConfig('alpine')).toMatchObject({ digest: 'sha256:old' });
  expect(await (await open('source.metaresolver')).resolveImageConfig('alpine')).toMatchObject({
    digest: 'sha256:new',
  });
});

test('results in the form of old engines', async () => {
  const gateway = await open();
  gives({ $case: 'refDeprecated', value: 'x' });
  expect((await gateway.solve({ frontend: 'f' })).refs).toEqual({ kind: 'one', ref: { id: 'x' } });
  gives({
    $case: 'refsDeprecated',
    value: {
      refs: new Map([
        ['linux/amd64', 'x'],
        ['linux/arm64', ''],
      ]),
    },
  });
  expect((await gateway.solve({ frontend: 'f' })).refs).toEqual({
    kind: 'platforms',
    refs: new Map([
      ['linux/amd64', { id: 'x' }],
      ['linux/arm64', undefined],
    ]),
  });
});

test('a warning is dropped where none can be given', async () => {
  fake.engine.on(warn, () => ({}));
  await (await open()).warn({ vertex: 'v', message: 'careful' });
  expect(called(warn)).toBe(false);
  await (await open('gateway.warnings')).warn({ vertex: 'v', message: 'careful' });
  expect(called(warn)).toBe(true);
});

test.each(['exit code: 137', 'context canceled'])(
  'a release is told how processes ended, and is done: %s',
  async (message) => {
    const gateway = await open('gateway.exec');
    fake.engine.on(LLBBridgeService.newContainer, () => ({}));
    const mounts = [{ kind: 'result', path: '/', resultId: 'x' }] as const;
    const container = await gateway.newContainer({ mounts });
    const answer = (text: string): void => {
      fake.engine.handlers.set(LLBBridgeService.releaseContainer.path, (call) => call.end({ code: 2, message: text }));
    };
    answer(message);
    await container.release();
    answer(`no such container: ${message}`);
    await expect(container.release()).rejects.toThrow('no such container');
  },
);

async function exitOf(code: number, message: string): Promise<ProcessExit> {
  const gateway = await open('gateway.exec');
  fake.engine.on(LLBBridgeService.newContainer, () => ({}));
  fake.engine.on(LLBBridgeService.releaseContainer, () => ({}));
  fake.engine.handlers.set(LLBBridgeService.execProcess.path, async (call) => {
    const send = (Input: ExecMessage['Input']): void =>
      call.send(ExecMessage.encode({ ProcessID: '1', Input }).finish());
    for await (const _ of call.messages) {
      send({ $case: 'Started', value: {} });
      send({ $case: 'Exit', value: { Code: code, Error: { code: 2, message, details: [] } } });
      send({ $case: 'Done', value: {} });
    }
  });
  const mounts = [{ kind: 'result', path: '/', resultId: 'x' }] as const;
  const container: Container = await gateway.newContainer({ mounts });
  const process = await container.start({ args: ['x'] });
  process.stdout.resume();
  process.stderr?.resume();
  const exit = await process.exit;
  await container.release();
  return exit;
}

test('an exit has an error only where that says more than its code', async () => {
  expect(await exitOf(3, 'exit code: 3')).toEqual({ code: 3 });
  expect(await exitOf(255, 'no such file')).toMatchObject({ code: 255, error: { message: 'no such file' } });
});

test("why a capability is off is told in the engine's own words", () => {
  const off = {
    Enabled: false,
    Deprecated: false,
    DisabledReason: 'r',
    DisabledReasonMsg: 'only with a store',
    DisabledAlternative: '',
  };
  const caps = new Capabilities([{ ID: 'mergeop', ...off }]);
  expect(() => caps.require('mergeop', 'merging')).toThrow(
    'merging is not supported by this engine: only with a store',
  );
});
