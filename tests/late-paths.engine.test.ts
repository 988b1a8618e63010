import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cli, folderWith } from './support/cli.js';
import { gitServer, makeRepository } from './support/git-server.js';
import { testEngine } from './support/test-engine.js';

// Texts that are only known once something is pushed, wherever a program may have a text. Each of `names` is a function that
// gives its own name after it was told the digest, and `net` a mode of the network.

async function build(names: readonly string[], program: string, options: { cwd: string; args?: readonly string[] }) {
  const { registry, address } = testEngine();
  const text = (name: string): string => (name === 'net' ? 'host' : name);
  const functions = names.map(
    (name) => `string ${name}() { localRun "echo ${text(name)} \${pin} | cut -d' ' -f1"; }\n`,
  );
  const pushed = `fs made() {\n\tscratch\n\tmkfile "/a" 0o644 "a"\n\tdockerPush "${registry}/late-texts" as pin\n}\n`;
  const base = `fs base() { image "${registry}/base"; }\n`;
  const stdin = [pushed, base, ...functions, program].join('\n');
  const args = ['--engine', address, 'run', '--log-output', 'plain', ...(options.args ?? []), '-'];
  return cli(args, { cwd: options.cwd, stdin });
}

test.each(['O0', 'default'] as const)('at -%s: a remote of git, a local, a destination', async (level) => {
  const root = await folderWith({});
  makeRepository(await folderWith({ f: 'from git' }), root, 'library')('publish');
  const { url } = await gitServer(root);
  const cwd = await folderWith({ 'src/f': 'from here', 'file.txt': 'a file' });
  const program = `
string remote() { format "${url}/%s.git" library; }
fs default() {
	scratch
	copy git(remote, "main") "/f" "/git"
	copy local(src) "/" "/local"
	copy local(format("%s.txt", file)) "/" "/"
	download out
}
`;
  const args = level === 'O0' ? ['-O0'] : [];
  const { code, stderr } = await build(['library', 'src', 'file', 'out'], program, { cwd, args });
  expect(code, stderr).toBe(0);
  const read = (name: string): string => readFileSync(join(cwd, 'out', name), 'utf8');
  expect([read('git'), read('local/f'), read('file.txt')]).toEqual(['from git', 'from here', 'a file']);
});

test('secrets, sockets, and what a command may do', async () => {
  const cwd = await folderWith({ token: 's3cret', 'keys/a.key': 'ka', 'keys/b.txt': 'b' });
  const server = createServer((socket) => socket.end('answer')).listen(join(cwd, 'up'));
  onTestFinished(() => void server.close());
  const program = `
string socket() { format "unix://./%s" up; }
fs default() {
	base
	run "cat /run/token /keys/* >/seen; ls /keys >>/seen; readlink /proc/self/ns/net >/net" with option {
		secret token "/run/token"
		secret keys "/keys" with includePatterns("*.key")
		forward socket "/run/up"
		network net
		dir "/"
	}
	run "readlink /proc/self/ns/net >>/net" with network("host")
	download "out"
}
`;
  const { code, stderr } = await build(['token', 'keys', 'up', 'net'], program, { cwd });
  expect(code, stderr).toBe(0);
  expect(readFileSync(join(cwd, 'out/seen'), 'utf8')).toBe('s3cretkaa.key\n');
  const [one, other] = readFileSync(join(cwd, 'out/net'), 'utf8').trim().split('\n');
  expect(one).toBe(other);
});

test('what is wrong with one is told at its argument, when it is known', async () => {
  const cwd = await folderWith({});
  const missing = await build(['nothing'], 'fs default() { local nothing; download "out"; }\n', { cwd });
  expect(missing.code).toBe(1);
  expect(missing.stderr).toMatch(/HLB0515.*there is no file or directory nothing/);
  const mode = 'fs default() { base; run "true" with network(nothing); download "out"; }\n';
  const wrong = await build(['nothing'], mode, { cwd });
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(/HLB0505.*"nothing" is no network mode/);
});
