import { FinalizeExportRequest, FindExportersRequest, FindExportersResponse } from '@hlb/proto/exporter';
import { CheckPolicyRequest, CheckPolicyResponse } from '@hlb/proto/policysession';
import { PolicyAction } from '@hlb/proto/sourcepolicy';
import { afterEach, expect, test } from 'vitest';
import { FakeEngine } from './fixtures/fake-engine.js';
import { bytesOf } from './grpc/bytes-message.js';
import { openSession, type Session, type SessionOptions } from './session.js';

let engine: FakeEngine;
let session: Session;

async function open(options: SessionOptions = {}): Promise<void> {
  engine = new FakeEngine();
  session = await openSession(engine, options);
}

afterEach(async () => {
  await session.close();
  await engine.close();
});

async function pull(url: string): Promise<{ data: Buffer; code: number }> {
  const { pathname, host } = new URL(url);
  const call = engine.call('/moby.upload.v1.Upload/Pull', { urlpath: pathname, urlhost: host });
  call.end();
  const chunks: Buffer[] = [];
  for (let message = await call.next(); message; message = await call.next()) {
    expect(message.length).toBeLessThan(3 * 1024 * 1024 + 10);
    chunks.push(bytesOf(message));
  }
  return { data: Buffer.concat(chunks), code: (await call.status).code };
}

test('an upload is pulled once', async () => {
  await open();
  const big = Buffer.alloc(7_000_000, 'tar');
  const url = session.addUpload(
    (async function* () {
      yield 'start';
      yield big;
    })(),
  );
  expect(url).toMatch(/^http:\/\/buildkit-session\/[0-9a-f]+$/);
  const { data, code } = await pull(url);
  expect(code).toBe(0);
  expect(data.equals(Buffer.concat([Buffer.from('start'), big]))).toBe(true);
  expect((await pull(url)).code).toBe(5);
  expect((await pull('http://buildkit-session/unknown')).code).toBe(5);
});

test('an upload that fails says why', async () => {
  await open();
  const url = session.addUpload(
    (async function* () {
      yield 'x';
      throw new Error('stdin was closed');
    })(),
  );
  expect((await pull(url)).code).toBe(2);
});

test('exporters that are chosen when the result is there', async () => {
  let finalized: ReadonlyMap<string, string> | undefined;
  await open({
    exporter: {
      findExporters: async ({ metadata, refs }) => [
        { type: 'local', attrs: { seen: `${Buffer.from(metadata.get('k') ?? []).toString()} ${refs.join()}` } },
      ],
      finalizeExport: async (response) => {
        finalized = response;
      },
    },
  });
  const request = FindExportersRequest.encode({
    metadata: new Map([['k', Buffer.from('v')]]),
    refs: ['a', 'b'],
  }).finish();
  const answer = FindExportersResponse.decode(await engine.unary('/moby.exporter.v1.Exporter/FindExporters', request));
  expect(answer.exporters).toEqual([{ Type: 'local', Attrs: new Map([['seen', 'v a,b']]) }]);
  const end = FinalizeExportRequest.encode({ exporterResponse: new Map([['x', 'y']]) }).finish();
  await engine.unary('/moby.exporter.v1.Exporter/FinalizeExport', end);
  expect(finalized).toEqual(new Map([['x', 'y']]));
});

test('a policy decides', async () => {
  await open({
    policy: async ({ Source: source }) => ({
      $case: 'decision',
      value: {
        action: PolicyAction.DENY,
        denyMessages: [{ message: `no ${source?.Source?.identifier}` }],
        update: undefined,
      },
    }),
  });
  const request = CheckPolicyRequest.encode(
    CheckPolicyRequest.fromPartial({ Source: { Source: { identifier: 'git://x' } } }),
  ).finish();
  const path = '/moby.buildkit.v1.sourcepolicy.policysession.PolicyVerifier/CheckPolicy';
  expect(engine.headers).toContainEqual(['X-Docker-Expose-Session-Grpc-Method', path]);
  const { result } = CheckPolicyResponse.decode(await engine.unary(path, request));
  expect(result).toMatchObject({
    $case: 'decision',
    value: { action: PolicyAction.DENY, denyMessages: [{ message: 'no git://x' }] },
  });
});
