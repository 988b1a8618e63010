import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ExecOptions, exec, imageSource, localSource, marshal, type Output } from '@hlb/llb';
import { afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { engineCapabilities } from '../capabilities/engine-capabilities.js';
import { connect } from '../connect/connect.js';
import type { Connection } from '../connect/connection.js';
import { solve } from '../control/solve.js';
import type { Solve } from '../control/start-solve.js';
import { openSession, type Session, type SessionOptions } from './session.js';

const platform = { os: 'linux', architecture: 'amd64' };

let connection: Connection;
let session: Session;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'services-'));
  connection = await connect(testEngine().address);
  await open();
});

afterEach(async () => {
  await session.close();
  await connection.close();
  rmSync(folder, { recursive: true });
});

async function open(options: SessionOptions = {}): Promise<void> {
  session = await openSession(connection, options);
}

function build(output: Output | undefined): Solve {
  return solve(connection, { definition: marshal(output, { platform }), session: session.id }, { progress: false });
}

/** What a command prints into `/result`, run on the base image, with nothing from the cache. */
async function run(command: string, options: Partial<ExecOptions> = {}): Promise<string> {
  const base = imageSource({ ref: `${testEngine().registry}/base` });
  const { root } = exec({
    base,
    args: ['/bin/sh', '-c', `(${command}) >/result 2>&1`],
    env: [
      ['PATH', '/bin'],
      ['UNIQUE', session.id],
    ],
    cwd: '/',
    ...options,
  });
  const out = join(folder, 'out');
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  const definition = marshal(root, { platform });
  await solve(connection, { definition, session: session.id, exporters: [{ type: 'local' }] }, { progress: false })
    .done;
  await target.commit();
  const result = readFileSync(join(out, 'result'), 'utf8');
  rmSync(out, { recursive: true });
  return result;
}

test('secrets of every source as files, and optional ones', async () => {
  writeFileSync(join(folder, 'secret'), 'from a file');
  vi.stubEnv('A_SECRET_OF_A_TEST', 'from a variable');
  const asked: string[] = [];
  session.addSecret({ id: 'a', source: { kind: 'file', path: join(folder, 'secret') } });
  session.addSecret({ id: 'b', source: { kind: 'value', value: 'a value' } });
  session.addSecret({ id: 'c', source: { kind: 'env', name: 'A_SECRET_OF_A_TEST' } });
  const get = async (id: string): Promise<string> => {
    asked.push(id);
    return `asked for ${id}`;
  };
  session.addSecret({ id: 'd', source: { kind: 'callback', get } });
  const secrets = [
    ...['a', 'b', 'c', 'd'].map((id) => ({ id, target: `/run/${id}` })),
    { id: 'absent', target: '/run/absent', optional: true },
  ];
  const said = await run('cd /run; for s in a b c d; do cat $s; echo; done; ls', { secrets });
  vi.unstubAllEnvs();
  expect(said).toBe('from a file\na value\nfrom a variable\nasked for d\na\nb\nc\nd\n');
  expect(new Set(asked)).toEqual(new Set(['d']));
  await expect(run('true', { secrets: [{ id: 'absent', target: '/run/x' }] })).rejects.toThrow('absent: not found');
});

test('a secret as a variable, on engines that know that', async () => {
  session.addSecret({ id: 'b', source: { kind: 'value', value: 'a value' } });
  const printed = run('echo $B', { secrets: [{ id: 'b', env: 'B' }] });
  const { llb } = await engineCapabilities(connection);
  if (llb.has('exec.secretenv')) expect(await printed).toBe('a value\n');
  else await expect(printed).rejects.toThrow('exec.secretenv (it needs BuildKit 0.10 or newer)');
});

test('a secret that is too large fails the step by its id', async () => {
  session.addSecret({ id: 'big', source: { kind: 'value', value: 'x'.repeat(600_000) } });
  await expect(run('true', { secrets: [{ id: 'big', target: '/run/x' }] })).rejects.toThrow(
    'secret big has 600000 bytes',
  );
});

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
function sshAddRoot(): string {
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
  const socket = join(folder, 'agent');
  const keys = fileURLToPath(new URL('ssh/fixtures/keys/', import.meta.url));
  cpSync(join(keys, 'ed25519'), join(folder, 'key'));
  const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(sh(`ssh-agent -a ${socket}`))?.[1]);
  onTestFinished(() => {
    process.kill(pid);
  });
  sh(`chmod 600 ${folder}/key && ssh-add -q ${folder}/key`, { SSH_AUTH_SOCK: socket });
  session.addAgent({ kind: 'agent', socket });
  session.addAgent({ id: 'memory', kind: 'keys', files: [join(keys, 'rsa'), join(keys, 'ecdsa')] });
  session.addDirectory({ name: 'ssh', path: sshAddRoot() });
  const root = localSource({ name: 'ssh', sessionId: session.id });
  const mounts = ['usr', 'lib', 'lib64', 'etc'].map((name) => ({
    dest: `/${name}`,
    source: root,
    selector: `/${name}`,
  }));
  const list = await run(
    'ssh-add -l; ssh-add -L | ssh-add -T /dev/stdin && echo signs; ssh-add -D; SSH_AUTH_SOCK=/memory ssh-add -l',
    {
      env: [
        ['PATH', '/bin:/usr/bin'],
        ['UNIQUE', session.id],
      ],
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
  await expect(run('true', { ssh: [{ id: 'other' }] })).rejects.toThrow('unset ssh forward key other');
});

/** A registry that wants credentials, before the one of the tests. */
async function privateRegistry(
  challenge: (host: string) => string,
  allowed: (authorization: string) => boolean,
): Promise<{ host: string; tried: string[] }> {
  const tried: string[] = [];
  const upstream = new URL(`http://${testEngine().registry}`);
  let host = '';
  const server = http.createServer((request, response) => {
    const authorization = request.headers.authorization ?? '';
    if (authorization !== '') tried.push(authorization);
    if (!allowed(authorization)) {
      response.writeHead(401, { 'www-authenticate': challenge(host) }).end();
      return;
    }
    const { authorization: _dropped, ...headers } = request.headers;
    const proxied = http.request(
      {
        host: upstream.hostname,
        port: upstream.port,
        path: request.url,
        method: request.method,
        headers,
        agent: false,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    proxied.on('error', () => response.destroy());
    request.pipe(proxied);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  host = `localhost:${typeof address === 'object' ? address?.port : 0}`;
  return { host, tried };
}

async function withConfig(config: unknown): Promise<string[]> {
  mkdirSync(join(folder, 'docker'), { recursive: true });
  writeFileSync(join(folder, 'docker/config.json'), JSON.stringify(config));
  const lines: string[] = [];
  await session.close();
  await open({
    auth: { env: { ...process.env, DOCKER_CONFIG: join(folder, 'docker') }, onProgress: (line) => lines.push(line) },
  });
  return lines;
}

/** Pulls what can't be in the engine's cache: the image under this registry's own name. */
async function pullFrom(host: string): Promise<void> {
  await build(
    exec({ base: imageSource({ ref: `${host}/base` }), args: ['true', host], env: [['PATH', '/bin']], cwd: '/' }).root,
  ).done;
}

const basic = (text: string): string => Buffer.from(text).toString('base64');

test('a private registry with basic authentication', async () => {
  const registry = await privateRegistry(
    () => 'Basic realm="test"',
    (authorization) => authorization === `Basic ${basic('me:pw')}`,
  );
  await withConfig({});
  await expect(pullFrom(registry.host)).rejects.toThrow(/401|authoriz/i);
  const lines = await withConfig({ auths: { [registry.host]: { auth: basic('me:pw') } } });
  await pullFrom(registry.host);
  expect(lines).toContain(`[auth] sharing credentials for ${registry.host}`);
});

test('a private registry with a token server', async () => {
  const asked: string[] = [];
  const tokens = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      asked.push(`${request.method} ${body}`);
      const granted = body.includes('username=me') && body.includes('password=pw');
      response
        .writeHead(granted ? 200 : 401)
        .end(JSON.stringify(granted ? { access_token: 'the-token', expires_in: 300 } : {}));
    });
  });
  await new Promise<void>((resolve) => tokens.listen(0, 'localhost', resolve));
  onTestFinished(() => {
    tokens.closeAllConnections();
    tokens.close();
  });
  const address = tokens.address();
  const realm = `http://localhost:${typeof address === 'object' ? address?.port : 0}/token`;
  const registry = await privateRegistry(
    (host) => `Bearer realm="${realm}",service="${host}"`,
    (authorization) => authorization === 'Bearer the-token',
  );
  const lines = await withConfig({ auths: { [registry.host]: { auth: basic('me:pw') } } });
  await pullFrom(registry.host);
  expect(lines).toContain(`[auth] base:pull token for ${registry.host}`);
  expect(asked[0]).toContain('grant_type=password');
  // The engine knows who may use the token again: it has asked for our key, and the seed was kept.
  expect(readdirSync(join(folder, 'docker')).sort()).toEqual(['.token_seed', 'config.json']);
  expect(registry.tried).not.toContain(`Basic ${basic('me:pw')}`);
  await withConfig({ auths: { [registry.host]: { auth: basic('me:wrong') } } });
});
