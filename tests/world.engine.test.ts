import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { cli, folderWith } from './support/cli.js';
import { pushNodeImage } from './support/node-image.js';
import { testEngine } from './support/test-engine.js';

// What the options of commands and sources do, seen from outside: in files that come back, in what this machine serves.

const KEYS = join(import.meta.dirname, '../libs/buildkit/src/session/ssh/fixtures/keys');

beforeAll(() => pushNodeImage());

/** Runs `default` of a program that may use `base` and `node`; what it made is in the folder `out`. */
async function build(
  program: string,
  options: {
    readonly files?: Readonly<Record<string, string>>;
    readonly env?: NodeJS.ProcessEnv;
    readonly cwd?: string;
  } = {},
) {
  const { address, registry } = testEngine();
  const head = `fs base() {\n\timage "${registry}/base"\n}\n\nfs node() {\n\timage "node:22-slim"\n}\n\n`;
  const cwd = options.cwd ?? (await folderWith(options.files ?? {}));
  const env = { HOME: process.env.HOME, PATH: process.env.PATH, ...options.env };
  const args = ['--engine', address, 'run', '--log-output', 'plain', '-'];
  const { code, stderr } = await cli(args, { cwd, env, stdin: head + program });
  return { cwd, code, stderr, read: (name: string) => readFileSync(join(cwd, 'out', name), 'utf8') };
}

/** Runs one command with options, and brings what it writes to /out back into the folder `out`. */
async function result(line: string, options: string, more: Parameters<typeof build>[1] & { image?: string } = {}) {
  const text = `fs _ran() {\n\t${more.image ?? 'base'}\n\trun ${JSON.stringify(`: ${Math.random()}; ${line}`)} with option {\n\t\tmount scratch "/out" as made\n\t\t${options}\n\t}\n}\n\nfs default() {\n\tmade\n\tdownload "out"\n}\n`;
  const built = await build(text, more);
  expect(built.code, built.stderr).toBe(0);
  return built;
}

describe('files that only a command sees', () => {
  test('a secret: its content, its mode, its owner; it is in no result', async () => {
    const { read, cwd } = await result(
      "cat /run/s > /out/text; stat -c '%a %u %g' /run/s > /out/mode",
      'secret "token" "/run/s" with option {\n\t\t\tuid 7\n\t\t\tgid 8\n\t\t\tmode 0o440\n\t\t}',
      { files: { token: 'hush' } },
    );
    expect(read('text')).toBe('hush');
    expect(read('mode')).toBe('440 7 8\n');
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['mode', 'text']);
  });

  test('secrets of a folder, by patterns', async () => {
    const { read } = await result(
      'cd /run/keys && find . -type f | sort > /out/names; cat a.key > /out/text',
      'secret "keys" "/run/keys" with option {\n\t\t\tincludePatterns "*.key"\n\t\t\texcludePatterns "b.*"\n\t\t}',
      { files: { 'keys/a.key': 'A', 'keys/b.key': 'B', 'keys/c.txt': 'C' } },
    );
    expect(read('names')).toBe('./a.key\n');
    expect(read('text')).toBe('A');
  });

  test('tmpfs is one, and a mount that is read-only cannot be written', async () => {
    const { read } = await result(
      "grep ' /t ' /proc/mounts | cut -d' ' -f3 > /out/type; touch /r/x 2>/dev/null; echo $? > /out/code; cat /r/f > /out/text",
      'mount scratch "/t" with tmpfs\n\t\tmount local("in") "/r" with readonly',
      { files: { 'in/f': 'mine' } },
    );
    expect(read('type')).toBe('tmpfs\n');
    expect(read('code')).not.toBe('0\n');
    expect(read('text')).toBe('mine');
  });

  test('a root file system that is read-only', async () => {
    const { read } = await result('touch /x 2>/dev/null; echo $? > /out/code', 'readonlyRootfs');
    expect(read('code')).toBe('1\n');
  });
});

describe('caches', () => {
  /** Two commands at once with the same cache. */
  const both = async (sharing: string, line: (own: string, other: string) => string) => {
    // Of the command too: the engine's cache does not look at the names of cache mounts.
    const id = `cache-${sharing}-${Math.random()}`;
    const one = (own: string, other: string): string =>
      `fs _run${own}() {\n\tbase\n\trun ${JSON.stringify(`: ${id}; ${line(own, other)}`)} with option {\n\t\tmount scratch "/c" with cache("${id}", "${sharing}")\n\t\tmount scratch "/meet" with cache("${id}-meet", "shared")\n\t\tmount scratch "/out" as made${own}\n\t}\n}\n\nfs _get${own}() {\n\tmade${own}\n\tdownload "out/${own}"\n}\n\n`;
    const built = await build(`${one('A', 'B')}${one('B', 'A')}pipeline default() {\n\tstage _getA _getB\n}\n`);
    expect(built.code, built.stderr).toBe(0);
    return built;
  };

  /** Waits for the other command to be there too: as long as it takes, but not for one that never comes. */
  const meet = (folder: string, own: string, other: string): string =>
    `touch ${folder}/${own}; i=0; while [ ! -e ${folder}/${other} ] && [ $i -lt 3000 ]; do sleep 0.1; i=$((i+1)); done`;

  test('shared: both see the other at the same time', async () => {
    const { read } = await both('shared', (own, other) => `${meet('/c', own, other)}; ls /c > /out/seen`);
    expect([read('A/seen'), read('B/seen')]).toEqual(['A\nB\n', 'A\nB\n']);
  });

  test('locked: one waits for the other', async () => {
    const take = (own: string): string =>
      `[ -e /c/busy ] && echo mixed > /out/mixed; touch /c/busy; sleep 1; rm /c/busy; echo ${own} >> /c/log; cp /c/log /out/log`;
    const { read, cwd } = await both('locked', take);
    expect(readdirSync(join(cwd, 'out/A'))).toEqual(['log']);
    expect(readdirSync(join(cwd, 'out/B'))).toEqual(['log']);
    expect([read('A/log'), read('B/log')].map((log) => log.length).sort()).toEqual([2, 4]);
  });

  test('private: each has its own while both run', async () => {
    // One that comes after the other has left would be given the same.
    const { read } = await both(
      'private',
      (own, other) => `touch /c/${own}; ${meet('/meet', own, other)}; ls /c > /out/seen`,
    );
    expect([read('A/seen'), read('B/seen')]).toEqual(['A\n', 'B\n']);
  });
});

describe('what a command runs with', () => {
  test('user, directory and environment of its own', async () => {
    const line = 'echo "$(id -u) $(pwd) $A"';
    const options = 'user "65534"\n\t\tdir "/tmp"\n\t\tenv "A" "b"';
    const { stderr } = await result(`${line}; true`, options);
    expect(stderr).toMatch(/^#\d+ [\d.]+ 65534 \/tmp b$/m);
  });

  test('names of hosts', async () => {
    const { read } = await result('grep far /etc/hosts > /out/hosts', 'host "far.example" "10.1.2.3"');
    expect(read('hosts')).toMatch(/^10\.1\.2\.3\s+far\.example\n$/);
  });

  test('no network, and that of the host', async () => {
    const line = 'grep -c : /proc/net/dev > /out/count; readlink /proc/self/ns/net > /out/ns';
    const none = await result(line, 'network "none"');
    expect(none.read('count')).toBe('1\n');
    const host = await result(line, 'network "host"');
    expect(host.read('ns').trim()).toBe(readlinkSync('/proc/self/ns/net'));
    expect(none.read('ns')).not.toBe(host.read('ns'));
  });

  test('rights: of a sandbox, and all', async () => {
    const line =
      'grep CapEff /proc/self/status | cut -f2 > /out/caps; grep Seccomp: /proc/self/status | cut -f2 > /out/seccomp';
    const [sandbox, insecure] = [await result(line, 'security "sandbox"'), await result(line, 'security "insecure"')];
    const caps = (text: string): bigint => BigInt(`0x${text.trim()}`);
    expect(caps(insecure.read('caps')) > caps(sandbox.read('caps'))).toBe(true);
    expect(insecure.read('seccomp')).toBe('0\n');
  });

  test('ignoreCache runs it each time; without, it is run once', async () => {
    const text = (options: string, mark: string): string =>
      `fs _ran() {\n\tbase\n\trun ": ${mark}; head -c 16 /dev/urandom | hexdump > /out/r" with option {\n\t\tmount scratch "/out" as made\n\t\t${options}\n\t}\n}\n\nfs default() {\n\tmade\n\tdownload "out"\n}\n`;
    for (const [options, same] of [
      ['ignoreCache', false],
      ['host "a" "10.0.0.1"', true],
    ] as const) {
      const mark = String(Math.random());
      const [one, two] = [await build(text(options, mark)), await build(text(options, mark))];
      expect(one.read('r') === two.read('r'), options).toBe(same);
    }
  });
});

/** Asks an agent how many keys it has, and for the comment of the first. */
const ASK_AGENT = [
  "const s = require('net').connect(process.env.SOCKET ?? process.env.SSH_AUTH_SOCK);",
  's.write(Buffer.from([0, 0, 0, 1, 11]));',
  "s.on('data', (d) => { require('fs').writeFileSync('/out/keys', String(d.readUInt32BE(5))); s.destroy(); });",
].join(' ');

describe('ways to this machine', () => {
  const asking = `/usr/local/bin/node -e ${JSON.stringify(ASK_AGENT)}`.replaceAll('$', '');

  test("ssh: the user's agent", async () => {
    const socket = await agentWith('ed25519', 'rsa');
    const { read } = await result(asking, 'ssh', { image: 'node', env: { SSH_AUTH_SOCK: socket } });
    expect(read('keys')).toBe('2');
  });

  test('ssh: another agent by its path, and keys by theirs, at a place and with a mode of their own', async () => {
    const socket = await agentWith('ecdsa');
    const target = 'target "/s"\n\t\t\tmode 0o666\n\t\t\tuid 5';
    const look = `SOCKET=/s ${asking}; stat -c '%a %u' /s > /out/mode`;
    const agent = await result(look, `ssh with option {\n\t\t\tlocalPaths "${socket}"\n\t\t\t${target}\n\t\t}`, {
      image: 'node',
    });
    expect([agent.read('keys'), agent.read('mode')]).toEqual(['1', '666 5\n']);
    const paths = ['ed25519', 'rsa', 'ecdsa'].map((name) => JSON.stringify(join(KEYS, name))).join(' ');
    const keys = await result(look, `ssh with option {\n\t\t\tlocalPaths ${paths}\n\t\t\t${target}\n\t\t}`, {
      image: 'node',
    });
    expect(keys.read('keys')).toBe('3');
  });

  test('forward: a socket and a port of this machine', async () => {
    const cwd = await folderWith({});
    const greet = createServer((socket) => socket.end('hello from here'));
    const port = await listening(greet, 0);
    const other = createServer((socket) => socket.end('hello from the socket'));
    await listening(other, join(cwd, 'host.sock'));
    const script =
      "const n = require('net'), f = require('fs'); for (const p of ['a', 'b']) n.connect('/' + p).on('data', (d) => f.appendFileSync('/out/' + p, d));";
    const { read } = await result(
      `/usr/local/bin/node -e ${JSON.stringify(script)}`,
      `forward "tcp://127.0.0.1:${port}" "/a"\n\t\tforward "unix://${join(cwd, 'host.sock')}" "/b"`,
      { image: 'node', cwd },
    );
    expect([read('a'), read('b')]).toEqual(['hello from here', 'hello from the socket']);
  });

  test('http: name, mode and checksum', async () => {
    const server = createHttpServer((_request, response) => response.end('content'));
    const port = await listening(server, 0);
    const digest = 'sha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73';
    const program = (sum: string): string =>
      `fs default() {\n\thttp "http://127.0.0.1:${port}/${Math.random()}" with option {\n\t\tfilename "named"\n\t\tchmod 0o751\n\t\tchecksum "${sum}"\n\t}\n\tdownload "out"\n}\n`;
    const { cwd, read, code, stderr } = await build(program(digest));
    expect(code, stderr).toBe(0);
    expect(read('named')).toBe('content');
    expect(statSync(join(cwd, 'out/named')).mode & 0o777).toBe(0o751);
    const wrong = await build(program(digest.replace('ed', 'de')));
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/digest mismatch/);
  });
});

function listening(server: Server, where: number | string): Promise<number> {
  onTestFinished(() => void server.close());
  return new Promise((resolve) => {
    const listen = (): void => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    };
    if (typeof where === 'string') server.listen(where, listen);
    else server.listen(where, '127.0.0.1', listen);
  });
}

/** Starts an agent with keys; gives its socket. */
async function agentWith(...keys: readonly string[]): Promise<string> {
  const folder = await folderWith({});
  const socket = join(folder, 'agent.sock');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void agent.kill());
  await once(agent.stdout, 'data');
  mkdirSync(join(folder, 'keys'));
  for (const key of keys) {
    const copy = join(folder, 'keys', key);
    execFileSync('cp', [join(KEYS, key), copy]);
    chmodSync(copy, 0o600);
    execFileSync('ssh-add', ['-q', copy], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  }
  return socket;
}
