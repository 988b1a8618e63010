import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { marshal } from '@hlb/llb';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type SshServer, sshServer } from '../../../../tests/support/ssh-server.js';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { connect } from '../connect/connect.js';
import { solve } from '../control/solve.js';
import { newRef } from '../control/start-solve.js';
import { mkfile, platform } from '../fixtures/on-engine.js';
import { openSession } from '../session/session.js';

let folder: string;
let server: SshServer;

/** `docker` and `buildctl` on the other side lead to the engine. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sshd-'));
  mkdirSync(join(folder, 'there'));
  mkdirSync(join(folder, 'here'));
  for (const name of ['docker', 'buildctl']) {
    script(`there/${name}`, `exec ${process.execPath} ${join(folder, 'dial.cjs')} "$@"`);
  }
  writeFileSync(
    join(folder, 'dial.cjs'),
    `if (!/^(system )?dial-stdio$/.test(process.argv.slice(2).join(' '))) process.exit(64);
     const socket = require('node:net').connect(${JSON.stringify(testEngine().address.replace('unix://', ''))});
     process.stdin.pipe(socket).pipe(process.stdout);`,
  );
  server = await sshServer(folder, `${join(folder, 'there')}:/usr/bin:/bin`);
  const options = `-F /dev/null -i ${server.userKey} -o UserKnownHostsFile=${join(folder, 'known')} -o IdentitiesOnly=yes`;
  script('here/ssh', `exec /usr/bin/ssh ${options} -o BatchMode=yes "$@"`);
});

afterAll(async () => {
  await server?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

afterEach(() => vi.unstubAllEnvs());

function script(name: string, line: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${line}\n`);
  chmodSync(join(folder, name), 0o755);
}

function trustHost(): void {
  writeFileSync(join(folder, 'known'), server.knownHosts);
}

function useOurSsh(): void {
  vi.stubEnv('PATH', `${join(folder, 'here')}:${process.env['PATH']}`);
}

test('a build over ssh: calls, the session and its output over one program each', async () => {
  trustHost();
  useOurSsh();
  const connection = await connect(`ssh://root@127.0.0.1:${server.port}`);
  onTestFinished(() => connection.close());
  const session = await openSession(connection);
  onTestFinished(() => session.close());
  const path = join(folder, 'out');
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path });
  const definition = marshal(mkfile('/over', newRef()), { platform });
  await solve(connection, { definition, session: session.id, exporters: [{ type: 'local' }] }).done;
  await target.commit();
  expect(existsSync(join(path, 'over'))).toBe(true);
});

test('a host whose key is not known is not trusted; ssh says why', async () => {
  writeFileSync(join(folder, 'known'), '');
  useOurSsh();
  await expect(connect(`ssh://root@127.0.0.1:${server.port}`)).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringContaining('Host key verification failed'),
  });
});

test('a user that may not, and a port at which nobody listens', async () => {
  trustHost();
  useOurSsh();
  await expect(connect(`ssh://nobody@127.0.0.1:${server.port}`)).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringMatching(/Permission denied|not available|nologin/i),
  });
  await expect(connect('ssh://root@127.0.0.1:1')).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringContaining('Connection refused'),
  });
});
