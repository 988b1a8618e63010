import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

const app = join(import.meta.dirname, '../..');
const plain = ['run', '--log-output', 'plain'] as const;

function engine(): string[] {
  return ['--engine', testEngine().address];
}

beforeAll(() => {
  execFileSync(process.execPath, [join(app, 'build.mjs')]);
});

/** Starts the built command line as a process of its own. */
function start(
  args: readonly string[],
  cwd: string,
): { child: ChildProcess; text: () => string; until: (what: RegExp) => Promise<void> } {
  const child = spawn(process.execPath, [join(app, 'bin/hlb.cjs'), ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (const look of waiting) look();
    });
  }
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    child,
    text: () => text,
    until: (what) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!what.test(text)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        child.once('exit', () => reject(new Error(`ended before ${what}: ${text}`)));
      }),
  };
}

/** A relay to the engine's socket, which can be cut. */
async function relay(folder: string): Promise<{ address: string; cut: () => void }> {
  const target = testEngine().address.replace(/^unix:\/\//, '');
  const path = join(folder, 'relay.sock');
  const sockets = new Set<Socket>();
  const server: Server = createServer((incoming) => {
    const outgoing = connect(target);
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => sockets.delete(one));
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const cut = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(cut);
  return { address: `unix://${path}`, cut };
}

test('several targets, a text among them, and files in the folder that the program names', async () => {
  const cwd = await folderWith({
    'build.hlb':
      'fs one() {\n\tscratch\n\tmkfile "/1" 0o644 "one"\n\tdownload "out"\n}\nstring two() {\n\t"the second"\n}\n',
  });
  const { code, stdout, stderr } = await cli([...engine(), ...plain, '-t', 'one', '-t', 'two'], { cwd });
  expect(stderr).toMatch(/^wrote {2}out {2}3B in 1 file {2}[\d.]+s\ndone in /m);
  expect(stdout).toBe('the second\n');
  expect(code).toBe(0);
  expect(readFileSync(join(cwd, 'out/1'), 'utf8')).toBe('one');
});

test('a failing command: its log, its exit code, the line that ran it and the calls around; nothing is written', async () => {
  const program = `fs broken() {\n\timage "${testEngine().registry}/base"\n\trun "echo to be seen; exit 3"\n}\nfs default() {\n\tbroken\n\tdownload "out"\n}\n`;
  const cwd = await folderWith({ 'build.hlb': program });
  const { code, stderr } = await cli([...engine(), ...plain], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/HLB0801: the command failed with exit code 3/);
  expect(stderr).toMatch(/build\.hlb:3:2/);
  expect(stderr).toMatch(/called: build\.hlb:6:2/);
  expect(stderr).toMatch(/\| to be seen/);
  expect(existsSync(join(cwd, 'out'))).toBe(false);
});

test('control characters of a command are shown in the message, not obeyed', async () => {
  const program = `fs default() {\n\timage "${testEngine().registry}/base"\n\trun "printf '\\\\033[2Jgone\\\\n'; exit 1"\n}\n`;
  const cwd = await folderWith({ 'build.hlb': program });
  const { stderr } = await cli([...engine(), ...plain], { cwd });
  expect(stderr).not.toContain('\u001b');
  expect(stderr).toContain('␛[2Jgone');
});

test('a program with mistakes is not run: no engine is asked', async () => {
  const cwd = await folderWith({ 'build.hlb': 'fs default() {\n\timgae "x"\n}\n' });
  const { code, stderr } = await cli(['--engine', 'unix:///nowhere.sock', ...plain], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/HLB0301/);
  expect(stderr).not.toMatch(/nowhere/);
});

test('a target that is not there: told, with those that are', async () => {
  const cwd = await folderWith({ 'build.hlb': 'fs one() {\n\tscratch\n}\n' });
  const { code, stderr } = await cli([...engine(), ...plain, '-t', 'lost'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/lost/);
  expect(stderr).toMatch(/one/);
});

test.each([
  ['unix:///nowhere/engine.sock', /nowhere\/engine\.sock/],
  ['tcp://127.0.0.1:1', /127\.0\.0\.1:1/],
  ['carrier-pigeon://roof', /carrier-pigeon/],
])('no engine at %s: a message, exit code 1', async (address, message) => {
  const cwd = await folderWith({ 'build.hlb': 'fs default() {\n\tscratch\n}\n' });
  const { code, stderr } = await cli(['--engine', address, ...plain], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: /);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('a local that is missing, and one that cannot be read', async () => {
  const cwd = await folderWith({ 'build.hlb': 'fs default() {\n\tlocal "gone"\n}\n' });
  const missing = await cli([...engine(), ...plain], { cwd });
  expect(missing.code).toBe(1);
  expect(missing.stderr).toMatch(/HLB05\d\d.*gone/);
  expect(missing.stderr).toMatch(/build\.hlb:2:8/);
});

test('a destination that is a file stays as it is', async () => {
  const cwd = await folderWith({
    'build.hlb': 'fs default() {\n\tscratch\n\tmkfile "/a" 0o644 "a"\n\tdownload "out"\n}\n',
    out: 'mine',
  });
  const { code, stderr } = await cli([...engine(), ...plain], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/HLB0804/);
  expect(stderr).toMatch(/out/);
  expect(readFileSync(join(cwd, 'out'), 'utf8')).toBe('mine');
});

test('a full disk at the destination: told, and nothing half-written stays', async () => {
  const program = `fs default() {\n\timage "${testEngine().registry}/base"\n\trun "head -c 8000000 /dev/urandom > /big"\n\tdownload "small/out"\n}\n`;
  const cwd = await folderWith({ 'build.hlb': program });
  const small = join(cwd, 'small');
  mkdirSync(small);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', small]);
  try {
    const { code, stderr } = await cli([...engine(), ...plain], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/HLB0804/);
    expect(stderr).toMatch(/full|space/);
    expect(readdirSync(small)).toEqual([]);
  } finally {
    execFileSync('umount', [small]);
  }
});

test('an engine that dies in the middle: told at once, exit code 1, nothing written', async () => {
  const program = `fs default() {\n\timage "${testEngine().registry}/base"\n\trun "echo begun ${Date.now()}; sleep 300"\n\tdownload "out"\n}\n`;
  const cwd = await folderWith({ 'build.hlb': program });
  const between = await relay(cwd);
  const { child, text, until } = start(['--engine', between.address, ...plain], cwd);
  await until(/begun \d+\n/);
  between.cut();
  const [code] = await once(child, 'exit');
  expect(text()).toMatch(/HLB0803: the connection to the engine was lost/);
  expect(code).toBe(1);
  expect(existsSync(join(cwd, 'out'))).toBe(false);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s cancels the build on the engine: exit code 130, nothing written',
  async (signal) => {
    const mark = `begun ${Date.now()} ${signal}`;
    const program = `fs default() {\n\timage "${testEngine().registry}/base"\n\trun "echo ${mark}; sleep 300"\n\tdownload "out"\n}\n`;
    const cwd = await folderWith({ 'build.hlb': program });
    const { child, text, until } = start([...engine(), ...plain], cwd);
    await until(new RegExp(`\\d ${mark}\\n`));
    child.kill(signal);
    const [code] = await once(child, 'exit');
    expect(code).toBe(130);
    expect(text()).toMatch(/^cancelled after [\d.]+s; .*\n$/m);
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  },
);

// The second signal ends the process at once, whatever it is about.
test.each([1, 2])('%s times Ctrl-C amid an export of many files: nothing of them is left', async (times) => {
  const make = 'mkdir /tree; cd /tree; i=0; while [ $i -lt 20000 ]; do echo $i >file-$i; i=$((i + 1)); done';
  const program = `fs default() {\n\tscratch\n\tcopy fs {\n\t\timage "${testEngine().registry}/base"\n\t\trun ${JSON.stringify(make)}\n\t} "/tree" "/"\n\tdownload "out"\n}\n`;
  const cwd = await folderWith({ 'build.hlb': program });
  const { child } = start([...engine(), ...plain], cwd);
  const ended = once(child, 'exit');
  const staged = (): number => {
    const staging = readdirSync(cwd).find((name) => name.endsWith('.partial'));
    if (staging === undefined || !existsSync(join(cwd, staging, '1/tree'))) return 0;
    return readdirSync(join(cwd, staging, '1/tree')).length;
  };
  while (staged() < 100) await new Promise<void>((resolve) => setImmediate(resolve));
  for (let time = 0; time < times; time++) {
    child.kill('SIGINT');
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  expect(await ended).toEqual([130, null]);
  expect(readdirSync(cwd)).toEqual(['build.hlb']);
});

test('rawjson is one document a line, and nothing else', async () => {
  const cwd = await folderWith({ 'build.hlb': 'fs default() {\n\tscratch\n\tmkfile "/a" 0o644 "a"\n}\n' });
  const { code, stderr, stdout } = await cli([...engine(), 'run', '--log-output', 'rawjson'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toBe('');
  const documents = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(documents.some((document) => document.vertexes?.[0]?.name === 'mkfile /a')).toBe(true);
});

test('quiet says nothing when all is well', async () => {
  const cwd = await folderWith({ 'build.hlb': 'fs default() {\n\tscratch\n\tmkfile "/a" 0o644 "a"\n}\n' });
  expect(await cli([...engine(), 'run', '--log-output', 'quiet'], { cwd })).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
});

test('odd names of files and folders go out and come back', async () => {
  const cwd = await folderWith({
    'build.hlb':
      'fs default() {\n\tscratch\n\tcopy local("in put") "/" "/" with contentsOnly\n\tdownload "out put"\n}\n',
    'in put/with space': '1',
    'in put/#hash,comma': '2',
    'in put/ünï/漢字': '3',
    'in put/-dash': '4',
  });
  writeFileSync(join(cwd, 'in put/new\nline'), '5');
  chmodSync(join(cwd, 'in put/-dash'), 0o750);
  const { code } = await cli([...engine(), ...plain], { cwd });
  expect(code).toBe(0);
  expect(readdirSync(join(cwd, 'out put')).sort()).toEqual(readdirSync(join(cwd, 'in put')).sort());
  expect(readFileSync(join(cwd, 'out put/ünï/漢字'), 'utf8')).toBe('3');
});
