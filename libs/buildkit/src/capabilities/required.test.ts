import { ControlService } from '@hlb/proto/control';
import { LLBBridgeService } from '@hlb/proto/gateway';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect } from '../connect/connect.js';
import type { Connection } from '../connect/connection.js';
import { solve } from '../control/solve.js';
import type { SolveOptions } from '../control/solve-request.js';
import { FakeEngine } from '../fixtures/fake-engine.js';
import { openGateway } from '../gateway/open-gateway.js';
import { engineCapabilities } from './engine-capabilities.js';

let engine: FakeEngine;
let connection: Connection;

beforeEach(async () => {
  engine = await FakeEngine.start();
  connection = await connect(engine.address);
});

afterEach(async () => {
  await connection.close();
  await engine.close();
});

const image = (...attrs: [string, string][]): SolveOptions => ({
  exporters: [{ type: 'image', attrs: new Map(attrs) }],
});

const silent: readonly (readonly [string, string, SolveOptions])[] = [
  ['exporter.multiple', '0.13', { exporters: [{ type: 'local' }, { type: 'tar' }] }],
  ['exporter.session', '0.21', { enableSessionExporter: true }],
  ['source.policy', '0.11', { sourcePolicy: { version: 1n, rules: [] } }],
  ['source.policy.session', '0.26', { sourcePolicySession: 's' }],
  ['exporter.image.annotations', '0.11', image(['annotation.a', 'b'])],
  ['exporter.image.annotations', '0.11', image(['annotation-index.a', 'b'])],
  ['exporter.image.attestations', '0.11', { frontendAttrs: new Map([['attest:sbom', '']]) }],
  ['exporter.sourcedateepoch', '0.11', image(['source-date-epoch', '0'])],
  ['exporter.sourcedateepoch', '0.11', { frontendAttrs: new Map([['build-arg:SOURCE_DATE_EPOCH', '0']]) }],
  ['exporter.multiple', '0.13', image(['rewrite-timestamp', 'true'])],
  ['source.policy', '0.11', { exporters: [{ type: 'oci', attrs: new Map([['tar', 'false']]) }] }],
  ['passthroughop', '0.31', { exporters: [{ type: 'local', attrs: new Map([['mode', 'delete']]) }] }],
  ['cache.gha', '0.9', { cacheExports: [{ type: 'gha' }] }],
  ['cache.s3', '0.11', { cacheImports: [{ type: 's3' }] }],
  ['cache.azblob', '0.11', { cacheImports: [{ type: 'azblob' }] }],
  ['source.git.bundle', '0.30', { compatibilityVersion: 20n }],
  ['exec.meta.network.proxy', '0.31', { proxyNetwork: true }],
];

test.each(silent)('what needs %s (BuildKit %s) does not begin without it', async (capability, release, options) => {
  engine.announce({ llb: [] });
  const refused = { code: 'UNIMPLEMENTED', message: expect.stringContaining(`needs BuildKit ${release} or newer`) };
  const build = solve(connection, options);
  await expect(build.done).rejects.toMatchObject(refused);
  for await (const update of build.updates) expect.unreachable(`news of a build that never began: ${String(update)}`);
  await expect(openGateway(connection, options)).rejects.toMatchObject(refused);
  expect(engine.calls).not.toContain(ControlService.status.path);

  const other = await connect(engine.address);
  engine.announce({ llb: [capability] }, () => ({ ExporterResponse: new Map([['done', 'yes']]) }));
  expect(await solve(other, { frontend: 'f', ...options }, { progress: false }).done).toEqual(
    new Map([['done', 'yes']]),
  );
  await other.close();
});

test('a build that asks for nothing new asks the engine for nothing either', async () => {
  engine.on(ControlService.solve, () => ({ ExporterResponse: new Map() }));
  await solve(connection, { frontend: 'f', exporters: [{ type: 'local' }] }, { progress: false }).done;
  expect(engine.calls).not.toContain(LLBBridgeService.ping.path);
});

test('an engine is asked once a connection; what failed is asked again', async () => {
  await expect(engineCapabilities(connection)).rejects.toThrow(/unknown service/);
  engine.announce({ llb: ['mergeop'], gateway: ['gateway.exec'] });
  const [first, second] = await Promise.all([engineCapabilities(connection), engineCapabilities(connection)]);
  expect(first).toBe(second);
  expect(first.llb.has('mergeop')).toBe(true);
  expect(first.gateway.has('gateway.exec')).toBe(true);
  expect(engine.calls.filter((path) => path === LLBBridgeService.return.path)).toHaveLength(1);
});
