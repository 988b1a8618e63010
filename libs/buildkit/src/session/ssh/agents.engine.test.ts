import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { localSource } from '@hlb/llb';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { OnEngine } from '../../fixtures/on-engine.js';

/** A command line of this host. */
function sh(command: string, env: Record<string, string> = {}): string {
  return execFileSync('sh', ['-c', command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
}

beforeAll(() => {
  sh('command -v ssh-agent || { apt-get -qq update; apt-get -qq install -y --no-install-recommends openssh-client; }');
});

/** `ssh-add` with the libraries that it needs, to run where there is nothing else. */
function sshAddRoot(folder: string): string {
  const root = join(folder, 'ssh-root');
  const program = sh('command -v ssh-add').trim();
  const libraries = [...sh('ldd "$PROGRAM"', { PROGRAM: program }).matchAll(/(\/\S+) \(/g)].map(
    ([, path]) => path ?? '',
  );
  for (const path of [program, ...libraries]) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    cpSync(path, join(root, path), { dereference: true });
  }
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  return root;
}

test('a real ssh-agent, and keys served from memory', async () => {
  const on = await OnEngine.open();
  const socket = on.path('agent');
  const keys = fileURLToPath(new URL('fixtures/keys/', import.meta.url));
  cpSync(join(keys, 'ed25519'), on.path('key'));
  const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(sh(`ssh-agent -a ${socket}`))?.[1]);
  onTestFinished(() => {
    process.kill(pid);
  });
  sh(`chmod 600 ${on.path('key')} && ssh-add -q ${on.path('key')}`, { SSH_AUTH_SOCK: socket });
  on.session.addAgent({ kind: 'agent', socket });
  on.session.addAgent({ id: 'memory', kind: 'keys', files: [join(keys, 'rsa'), join(keys, 'ecdsa')] });
  on.session.addDirectory({ name: 'ssh', path: sshAddRoot(on.folder) });
  const root = localSource({ name: 'ssh', sessionId: on.session.id });
  const mounts = ['usr', 'lib', 'lib64', 'etc'].map((name) => ({
    dest: `/${name}`,
    source: root,
    selector: `/${name}`,
  }));
  const list = await on.run(
    'ssh-add -l; ssh-add -L | ssh-add -T /dev/stdin && echo signs; ssh-add -D; SSH_AUTH_SOCK=/memory ssh-add -l',
    {
      env: [['PATH', '/bin:/usr/bin']],
      mounts,
      ssh: [{}, { id: 'memory', target: '/memory' }],
    },
  );
  expect(list).toContain('ed25519@test (ED25519)');
  // A build can't empty the agent.
  expect(list).toMatch(/refused|failure|Failed/i);
  expect(list).toContain('rsa@test (RSA)');
  expect(list).toContain('ecdsa@test (ECDSA)');
  expect(sh('ssh-add -l', { SSH_AUTH_SOCK: socket })).toContain('ed25519@test');
});

test('an agent that was not given fails by its id', async () => {
  const on = await OnEngine.open();
  await expect(on.run('true', { ssh: [{ id: 'other' }] })).rejects.toThrow('unset ssh forward key other');
});
