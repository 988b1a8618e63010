import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A server of OpenSSH on this host, with keys of its own. */
export interface SshServer {
  readonly port: number;
  /** The private key of who may log in. */
  readonly userKey: string;
  /** Its line in a known_hosts file. */
  readonly knownHosts: string;
  stop(): Promise<void>;
}

/**
 * Starts one; OpenSSH is installed where it is missing.
 *
 * @param folder for its keys: `host` and `user`
 * @param path the PATH of what is run on it
 */
export async function sshServer(folder: string, path: string): Promise<SshServer> {
  if (!existsSync('/usr/sbin/sshd')) {
    const install = 'apt-get -qq update; DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends';
    execFileSync('sh', ['-c', `${install} openssh-server openssh-client`], { stdio: 'pipe' });
  }
  const port = await freePort();
  for (const name of ['host', 'user']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
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
    'PidFile none',
    `SetEnv PATH=${path}`,
  ];
  writeFileSync(join(folder, 'sshd_config'), `${lines.join('\n')}\n`);
  const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: 'pipe' });
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (chunk: Buffer) => String(chunk).includes('listening') && resolve());
    void ended.then(() => reject(new Error('sshd ended')));
  });
  const [type, key] = readFileSync(join(folder, 'host.pub'), 'utf8').split(' ');
  return {
    port,
    userKey: join(folder, 'user'),
    knownHosts: `[127.0.0.1]:${port} ${type} ${key}\n`,
    stop: async () => {
      server.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
