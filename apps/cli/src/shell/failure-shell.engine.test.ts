import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

const app = join(import.meta.dirname, '../..');

beforeAll(() => {
  execFileSync(process.execPath, [join(app, 'build.mjs')]);
});

/** The command line on a terminal, which util-linux' `script` makes. */
function onTerminal(
  args: readonly string[],
  cwd: string,
): { child: ChildProcess; shown: () => string; until: (what: RegExp) => Promise<void>; type: (text: string) => void } {
  const line = [process.execPath, join(app, 'bin/hlb.cjs'), '--engine', testEngine().address, ...args];
  const command = line.map((word) => `'${word}'`).join(' ');
  const child = spawn('/usr/bin/script', ['-qefc', `stty rows 30 cols 100; exec ${command}`, '/dev/null'], {
    cwd,
    stdio: 'pipe',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  let look = (): void => undefined;
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    look();
  });
  return {
    child,
    shown: () => text,
    type: (input) => void child.stdin?.write(input),
    until: (what) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (what.test(text)) resolve();
        };
        look();
        child.once('exit', () => reject(new Error(`ended before ${what}: ${text}`)));
      }),
  };
}

/** A program whose failing command has all that a command can have, below another. */
function program(): string {
  return `fs base() {
	image "${testEngine().registry}/base"
}

fs broken() {
	base
	env "GREETING" "hello there"
	dir "/work"
	run "echo made > left; echo cached > /cache/of-run; exit 9 # ${Date.now()}" with option {
		secret "secret" "/run/secret"
		mount scratch "/cache" with cache("failure-shell-${Date.now()}", "shared")
		mount fs { local "ctx"; } "/ctx" with readonly
		mount scratch "/memory" with tmpfs
	}
}

fs default() {
	scratch
	copy broken "/work" "/w"
	download "out"
}
`;
}

test('a shell where a command failed: its files, environment, directory, secrets and caches; Ctrl-C stays in it; then the failure', async () => {
  const cwd = await folderWith({ 'build.hlb': program(), secret: 'the secret\n', 'ctx/file': 'of the host\n' });
  const { child, shown, until, type } = onTerminal(['run', '--on-failure=shell', '--log-output', 'plain'], cwd);
  await until(/Leave it with exit[\s\S]*\/work # /);
  expect(shown()).toMatch(/the command failed with exit code 9/);
  type(
    'cat left /run/secret /ctx/file /cache/*; echo "$GREETING in $PWD"; stty size; echo x > /ctx/x || echo is "read-only"\r',
  );
  await until(/is read-only/);
  for (const text of ['made', 'the secret', 'of the host', 'cached', 'hello there in /work', '30 100']) {
    expect(shown()).toContain(text);
  }
  // In words that only come when it runs: what is typed before that is the shell's.
  type('sh -c "echo now sleep""ing; exec sleep 1000"\r');
  await until(/now sleeping\r+\n/);
  type('\u0003');
  type('echo still "here"\r');
  await until(/still here\r+\n/);
  type('exit 5\r');
  const [code] = await once(child, 'exit');
  expect(code).toBe(1);
  expect(shown().match(/HLB0801/g)).toHaveLength(1);
});

test('no shell there: said, with how to name another; and another is used', async () => {
  const text = `fs default() {\n\tscratch\n\tcopy fs { image "${testEngine().registry}/base"; } "/bin/busybox" "/busybox"\n\trun "/busybox" "false"\n}\n`;
  const cwd = await folderWith({ 'build.hlb': text });
  const without = onTerminal(['run', '--on-failure=shell'], cwd);
  const [code] = await once(without.child, 'exit');
  expect(code).toBe(1);
  expect(without.shown()).toMatch(/"\/bin\/sh" can not be started in this file system/);
  expect(without.shown()).toMatch(/--on-failure=shell:/);
  const named = onTerminal(['run', '--on-failure=shell:/busybox sh'], cwd);
  await named.until(/\/ # /);
  named.type('echo "$0" works\rexit\r');
  const [second] = await once(named.child, 'exit');
  expect(second).toBe(1);
  expect(named.shown()).toMatch(/sh works/);
});

test('what is no command leaves no file system; a build that goes well is as it always is', async () => {
  const cwd = await folderWith({
    'build.hlb':
      'fs bad() {\n\tscratch\n\tcopy fs { scratch; mkfile "/a" 0o644 "" } "/b" "/c"\n}\nfs good() {\n\tscratch\n\tmkfile "/a" 0o644 "a"\n\tdownload "out"\n}\n',
  });
  const bad = onTerminal(['run', '--on-failure=shell', '-t', 'bad'], cwd);
  expect((await once(bad.child, 'exit'))[0]).toBe(1);
  expect(bad.shown()).toMatch(/what failed is no command/);
  const good = onTerminal(['run', '--on-failure=shell', '-t', 'good'], cwd);
  expect((await once(good.child, 'exit'))[0]).toBe(0);
  expect(good.shown()).toMatch(/wrote {2}out/);
});

test('without a terminal: wrong usage, and nothing is built', async () => {
  const cwd = await folderWith({ 'build.hlb': 'fs default() {\n\tscratch\n}\n' });
  const { code, stderr } = await cli(['--engine', 'unix:///nowhere.sock', 'run', '--on-failure=shell'], { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(/needs a terminal, and standard input and standard error are none/);
});
