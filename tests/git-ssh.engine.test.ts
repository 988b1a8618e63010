import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type CliResult, cli, folderWith } from './support/cli.js';
import { makeRepository } from './support/git-server.js';
import { type SshServer, sshServer } from './support/ssh-server.js';
import { testEngine } from './support/test-engine.js';

let folder: string;
let server: SshServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hlb-git-ssh-'));
  server = await sshServer(folder, '/usr/bin:/bin');
});

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

/** An agent with the key of who may log in; gives its socket. */
async function agent(): Promise<string> {
  const socket = join(mkdtempSync(join(folder, 'agent-')), 'socket');
  const program = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void program.kill());
  await new Promise((resolve) => program.stdout.once('data', resolve));
  execFileSync('ssh-add', ['-q', server.userKey], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'pipe' });
  return socket;
}

/** Builds a program from a repository by ssh, as a user who knows these hosts. */
async function build(knownHosts: string): Promise<CliResult & { readonly cwd: string }> {
  const work = await folderWith({ version: '1' });
  makeRepository(work, work, 'library')('publish');
  const remote = `ssh://root@127.0.0.1:${server.port}${work}/library.git`;
  const text = `fs default() {\n\tgit "${remote}" "main"\n\tdownload "out"\n}\n`;
  const cwd = await folderWith({ 'build.hlb': text });
  const home = mkdtempSync(join(folder, 'home-'));
  mkdirSync(join(home, '.ssh'));
  writeFileSync(join(home, '.ssh/known_hosts'), knownHosts);
  const env = { HOME: home, PATH: process.env.PATH, SSH_AUTH_SOCK: await agent() };
  const flags = ['--engine', testEngine().address, 'run', '--log-output', 'plain'];
  return { cwd, ...(await cli(flags, { cwd, env })) };
}

/** The same file with its names hashed. */
function hashed(knownHosts: string): string {
  const path = join(mkdtempSync(join(folder, 'hashed-')), 'known_hosts');
  writeFileSync(path, knownHosts);
  execFileSync('ssh-keygen', ['-H', '-f', path], { stdio: 'pipe' });
  return readFileSync(path, 'utf8');
}

test.each([
  ['by name', () => server.knownHosts],
  ['by a hash', () => hashed(server.knownHosts)],
])('a repository by ssh, with the agent of the user, from a host that is known %s', async (_, known) => {
  const { cwd, code, stderr } = await build(known());
  expect(code, stderr).toBe(0);
  expect(readFileSync(join(cwd, 'out/version'), 'utf8')).toBe('1');
});

test('a host that is not known is not asked; it says how it is made known', async () => {
  const { cwd, code, stderr } = await build('other.example ssh-ed25519 AAAA\n');
  expect(code).toBe(1);
  expect(stderr).toContain('HLB0536');
  expect(stderr).toContain('build.hlb:2:');
  expect(stderr.replace(/\s+/g, ' ')).toContain(`ssh-keyscan -p ${server.port} 127.0.0.1 >> ~/.ssh/known_hosts`);
  expect(existsSync(join(cwd, 'out'))).toBe(false);
});

test('a host that shows another key than the known one is not believed', async () => {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'other')]);
  const [type, key] = readFileSync(join(folder, 'other.pub'), 'utf8').split(' ');
  const { code, stderr } = await build(`[127.0.0.1]:${server.port} ${type} ${key}\n`);
  expect(code).toBe(1);
  expect(stderr).toMatch(/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/);
});
