import { connect } from 'node:net';
import { Status } from '@hlb/proto';
import { PongResponse, ReturnRequest, ReturnResponse } from '@hlb/proto/gateway';
import { expect, onTestFinished, test } from 'vitest';
import { BuildkitError } from '../../errors/buildkit-error.js';
import { FakeEngine } from '../../fixtures/fake-engine.js';
import { EMPTY_RESULT } from '../result.js';
import { type Frontend, runFrontend } from './frontend.js';

const GATEWAY = '/moby.buildkit.v1.frontend.LLBBridge';

/** An engine with a frontend's process on it. */
async function engine(): Promise<{ readonly fake: FakeEngine; readonly returned: ReturnRequest[] }> {
  const fake = await FakeEngine.start();
  onTestFinished(() => fake.close());
  const returned: ReturnRequest[] = [];
  const pong = PongResponse.encode({ FrontendAPICaps: [], LLBCaps: [], Workers: [] }).finish();
  fake.answer(`${GATEWAY}/Ping`, () => pong);
  fake.answer(`${GATEWAY}/Return`, (request) => {
    returned.push(ReturnRequest.decode(request));
    return ReturnResponse.encode({}).finish();
  });
  return { fake, returned };
}

const env = {
  BUILDKIT_FRONTEND_OPT_0: 'filename=Other.Dockerfile',
  BUILDKIT_FRONTEND_OPT_1: 'build-arg:A=b=c',
  BUILDKIT_FRONTEND_OPT_12: 'flag',
  BUILDKIT_SESSION_ID: 'the-session',
  BUILDKIT_EXPORTEDPRODUCT: 'docker',
};

test('attributes, session and product come from the environment; the result goes back, and the connection is closed', async () => {
  const { fake, returned } = await engine();
  const stream = connect(fake.path);
  let seen: Frontend | undefined;
  await runFrontend(
    async (frontend) => {
      seen = frontend;
      expect(await frontend.inputs()).toEqual(new Map());
      return { ...EMPTY_RESULT, metadata: new Map([['containerimage.config', Buffer.from('{}')]]) };
    },
    { env, stream },
  );
  expect([...(seen?.attrs ?? [])]).toEqual([
    ['filename', 'Other.Dockerfile'],
    ['build-arg:A', 'b=c'],
    ['flag', ''],
  ]);
  expect(seen).toMatchObject({ sessionId: 'the-session', product: 'docker' });
  expect(returned[0]?.error).toBeUndefined();
  expect([...(returned[0]?.result?.metadata.keys() ?? [])]).toEqual(['containerimage.config']);
  expect(stream.destroyed).toBe(true);
});

test("what is thrown fails the build: the engine's errors with all of their details", async () => {
  const { fake, returned } = await engine();
  const rawDetails = [
    { typeUrl: 'github.com/moby/buildkit/errdefs.Vertex+json', value: Buffer.from('{"digest":"d"}') },
  ];
  const errors = [new BuildkitError('no such file', { code: 'NOT_FOUND', rawDetails }), new TypeError('a mistake')];
  for (const error of errors) {
    await runFrontend(() => Promise.reject(error), { env, stream: connect(fake.path) });
  }
  expect(returned.map(({ error }) => error)).toEqual([
    Status.fromPartial({ code: 5, message: 'no such file', details: rawDetails }),
    Status.fromPartial({ code: 2, message: 'a mistake', details: [] }),
  ]);
});

test('an engine that goes away ends the work', async () => {
  const { fake } = await engine();
  const running = runFrontend(
    (_frontend, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        fake.drop();
      }),
    { env, stream: connect(fake.path) },
  );
  await expect(running).rejects.toMatchObject({ name: 'BuildkitError', lost: true });
});
