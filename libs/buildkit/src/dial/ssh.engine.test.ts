import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { marshal } from '@hlb/llb';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { connect } from '../connect/connect.js';
import { solve } from '../control/solve.js';
import { newRef } from '../control/start-solve.js';
import { mkfile, platform } from '../fixtures/on-engine.js';
import { openSession } from '../session/session.js';

let folder: string;
let port: number;
let stop: () => Promise<void>;

/** A server of OpenSSH on this host, with keys of its own; `docker` and `buildctl` on the other side lead to the engine. */
beforeAll(async () => {
  if (!existsSync('/usr/sbin/sshd')) {
    const install = 'apt-get -qq update; DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends';
    execFileSync('sh', ['-c', `${install} openssh-server openssh-client`], { stdio: 'pipe' });
  }
  folder = mkdtempSync(join(tmpdir(), 'sshd-'));
  port = await freePort();
  for (const name of ['host', 'user']) {
    execFileSync('sh', ['-c', `ssh-keygen -q -t ed25519 -N '' -f ${join(folder, name)}`]);
  }
  mkdirSync('/run/sshd', { recursive: true });
  const lines = [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'user.pub')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    `PidFile none`,
    `SetEnv PATH=${join(folder, 'there')}:/usr/bin:/bin`,
  ];
  writeFileSync(join(folder, 'sshd_config'), `${lines.join('\n')}\n`);
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
  const options = `-F /dev/null -i ${join(folder, 'user')} -o UserKnownHostsFile=${join(folder, 'known')} -o IdentitiesOnly=yes`;
  script('here/ssh', `exec /usr/bin/ssh ${options} -o BatchMode=yes "$@"`);
  const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: 'pipe' });
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (chunk: Buffer) => String(chunk).includes('listening') && resolve());
    void ended.then(() => reject(new Error('sshd ended')));
  });
  stop = async () => {
    server.kill();
    await ended;
  };
});

afterAll(async () => {
  await stop?.();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

afterEach(() => vi.unstubAllEnvs());

function script(name: string, line: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${line}\n`);
  chmodSync(join(folder, name), 0o755);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function trustHost(): void {
  const [type, key] = execFileSync('cat', [join(folder, 'host.pub')], { encoding: 'utf8' }).split(' ');
  writeFileSync(join(folder, 'known'), `[127.0.0.1]:${port} ${type} ${key}\n`);
}

function useOurSsh(): void {
  vi.stubEnv('PATH', `${join(folder, 'here')}:${process.env['PATH']}`);
}

test('a build over ssh: calls, the session and its output over one program each', async () => {
  trustHost();
  useOurSsh();
  const connection = await connect(`ssh://root@127.0.0.1:${port}`);
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
  await expect(connect(`ssh://root@127.0.0.1:${port}`)).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringContaining('Host key verification failed'),
  });
});

test('a user that may not, and a port at which nobody listens', async () => {
  trustHost();
  useOurSsh();
  await expect(connect(`ssh://nobody@127.0.0.1:${port}`)).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringMatching(/Permission denied|not available|nologin/i),
  });
  await expect(connect('ssh://root@127.0.0.1:1')).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringContaining('Connection refused'),
  });
});
