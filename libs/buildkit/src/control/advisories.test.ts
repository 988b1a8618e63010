import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ControlService, SolveRequest } from '@hlb/proto/control';
import { ExecMessage, LLBBridgeService, NewContainerRequest } from '@hlb/proto/gateway';
import { NetMode, SecurityMode } from '@hlb/proto/llb';
import { expect, onTestFinished, test } from 'vitest';
import { fakeConnection } from '../fixtures/fake-connection.js';
import { openGateway } from '../gateway/open-gateway.js';
import { fetchImageManifest } from '../registry/image-manifest.js';
import { FakeEngine as SessionEngine } from '../session/fixtures/fake-engine.js';
import { openSession } from '../session/session.js';
import { solve } from './solve.js';

/* As `session/advisories.test.ts`, of what this client asks engines and registries for. */

const fake = fakeConnection();

test('GHSA-gc89-7gcr-jxqc (CVE-2023-26054): where a directory comes from is told to nobody', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'advisories-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, '.git'));
  const remote = '[remote "origin"]\n\turl = https://me:the-secret@example.com/x.git\n';
  writeFileSync(join(folder, '.git/config'), remote);
  const asked: Buffer[] = [];
  fake.engine.answer(ControlService.solve.path, (request) => {
    asked.push(request);
    return Buffer.alloc(0);
  });
  const engine = new SessionEngine();
  const session = await openSession(engine);
  onTestFinished(() => engine.close());
  onTestFinished(() => session.close());
  session.addDirectory({ name: 'context', path: folder });
  session.addDirectory({ name: 'dockerfile', path: folder });
  const frontendAttrs = new Map([['target', 't']]);
  await solve(fake.connection, { frontend: 'dockerfile.v0', frontendAttrs, session: session.id }).done;
  const [request] = asked.map((message) => SolveRequest.decode(message));
  expect(request?.FrontendAttrs).toEqual(frontendAttrs);
  expect(`${Buffer.concat(asked)} ${JSON.stringify(engine.headers)}`).not.toMatch(/the-secret|example\.com/);
});

test('GHSA-wr6v-9f75-vh2g (CVE-2024-23653), GHSA-7236-3392-c5c6: nothing is asked for that its caller has not', async () => {
  fake.engine.announce({ llb: [], gateway: ['gateway.exec'] });
  const whole = fake.engine.handlers.get(ControlService.solve.path);
  const entitlements: (readonly string[])[] = [];
  fake.engine.handlers.set(ControlService.solve.path, async (call) => {
    const messages = (async function* () {
      for await (const message of call.messages) {
        entitlements.push(SolveRequest.decode(message).Entitlements);
        yield message;
      }
    })();
    await whole?.({ ...call, messages });
  });
  let container: NewContainerRequest | undefined;
  fake.engine.answer(LLBBridgeService.newContainer.path, (request) => {
    container = NewContainerRequest.decode(request);
    return Buffer.alloc(0);
  });
  fake.engine.on(LLBBridgeService.releaseContainer, () => ({}));
  const security: (number | undefined)[] = [];
  fake.engine.handlers.set(LLBBridgeService.execProcess.path, async (call) => {
    for await (const message of call.messages) {
      const { ProcessID, Input } = ExecMessage.decode(message);
      if (Input?.$case === 'Init') security.push(Input.value.Security);
      call.send(ExecMessage.encode({ ProcessID, Input: { $case: 'Started', value: {} } }).finish());
    }
  });
  const gateway = await openGateway(fake.connection);
  onTestFinished(() => gateway.close());
  const made = await gateway.newContainer({ mounts: [{ kind: 'result', path: '/', resultId: 'x' }] });
  await made.start({ args: ['x'] });
  await made.start({ args: ['x'], security: 'insecure' });
  await made.release();
  await solve(fake.connection, { frontend: 'f', entitlements: ['network.host'] }).done;
  expect(entitlements).toEqual([[], ['network.host']]);
  expect(container).toMatchObject({ Network: NetMode.UNSET });
  expect(security).toEqual([SecurityMode.SANDBOX, SecurityMode.INSECURE]);
});

/** Writes a JSON text that never ends, for as long as it is read. */
function endless(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' });
  response.write('{"config":{"digest":"');
  const piece = Buffer.alloc(65_536, 'x');
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more).on('error', () => undefined);
  more();
}

test.each<[string, (response: ServerResponse) => void, string]>([
  ['has no end', endless, 'the answer has more than 4194304 bytes'],
  [
    'is nested without end',
    (response) => void response.end('['.repeat(4_000_000)),
    'is no image: its manifest names no config',
  ],
  ['names itself', (response) => void response.end('{"manifests":[{"digest":"sha256:0"}]}'), 'has no image for linux'],
])('GHSA-72x6-4j93-7w86: an image whose manifest %s', async (_name, answer, message) => {
  const server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const before = process.memoryUsage().rss;
  const error: unknown = await fetchImageManifest(`localhost:${port}/x`, { os: 'linux', architecture: 'amd64' }).catch(
    (thrown: unknown) => thrown,
  );
  const told =
    error instanceof Error ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}` : '';
  expect(told).toContain(message);
  expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
});
