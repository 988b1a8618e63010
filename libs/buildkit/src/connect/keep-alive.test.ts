import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FakeEngine, type FakeOptions } from '../fixtures/fake-engine.js';
import { connect } from './connect.js';

/* A peer that vanishes without a word, or a NAT that forgets a connection in which nothing was said for a while. */

/** As the system counts, whatever its clock's frequency. */
const TICKS_PER_SECOND = 100;

/**
 * In how many seconds the system will look after a connection of this process, and by which of its timers: 2 is that of keep-alive.
 * @see proc_net_tcp in the documentation of the kernel
 */
function timerOf(port: number): { readonly timer: number; readonly seconds: number } {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['tcp', 'tcp6']) {
    for (const line of readFileSync(`/proc/net/${table}`, 'latin1').split('\n')) {
      const [, address = '', , state, , timer = ''] = line.trim().split(/\s+/);
      if (!address.endsWith(local) || state !== '01') continue;
      const [kind = '', ticks = ''] = timer.split(':');
      return { timer: Number.parseInt(kind, 16), seconds: Number.parseInt(ticks, 16) / TICKS_PER_SECOND };
    }
  }
  throw new Error(`no connection from port ${port}`);
}

async function listening(options: FakeOptions): Promise<FakeEngine> {
  const engine = await FakeEngine.start(options);
  onTestFinished(() => engine.close());
  return engine;
}

/** What the system does for a connection to this engine, the socket of gRPC. */
async function watched(engine: FakeEngine, address: string, tls?: object): Promise<ReturnType<typeof timerOf>> {
  const connection = await connect(address, tls === undefined ? {} : { tls });
  onTestFinished(() => connection.close());
  const [socket] = engine.sockets;
  return timerOf(socket?.remotePort ?? 0);
}

/** Soon enough for the usual patience of what lies between, and not at once. */
const SOON = { timer: 2, seconds: expect.toSatisfy((seconds: number) => seconds > 5 && seconds <= 15) };

test('an idle tcp:// connection is kept alive by the system', async () => {
  const engine = await listening({ speaks: 'direct', tcp: true });
  expect(await watched(engine, engine.address)).toEqual(SOON);
});

test('also one to a host by name, which may have several addresses', async () => {
  const engine = await listening({ speaks: 'direct', tcp: true });
  expect(await watched(engine, engine.address.replace('127.0.0.1', 'localhost'))).toEqual(SOON);
});

test('and one with TLS', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keep-alive-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
  const own = ['req', '-x509', ...key, '-days', '2', '-subj', '/CN=engine', '-out', 'cert.pem'];
  execFileSync('openssl', own, { cwd: folder, stdio: 'pipe' });
  const [cert, privateKey] = ['cert.pem', 'key.pem'].map((name) => readFileSync(join(folder, name)));
  const tls = { ...(cert && { cert }), ...(privateKey && { key: privateKey }), ALPNProtocols: ['h2'] };
  const engine = await listening({ speaks: 'direct', tls });
  expect(await watched(engine, engine.address, { verify: false })).toEqual(SOON);
});
