import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connect } from '../connect/connect.js';
import { FakeEngine } from '../fixtures/fake-engine.js';

let engine: FakeEngine;
let folder: string;

beforeEach(async () => {
  engine = await FakeEngine.start();
  folder = mkdtempSync(join(tmpdir(), 'dialers-'));
  vi.stubEnv('PATH', folder);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await engine.close();
  rmSync(folder, { recursive: true });
});

/** A program of this name that leads to the engine, and keeps how it was called. */
function program(name: string, refusesDocker = false): void {
  const script = `
    const args = process.argv.slice(2);
    require('node:fs').appendFileSync(${JSON.stringify(join(folder, 'calls'))}, JSON.stringify(args) + '\\n');
    if (${refusesDocker} && args.includes('buildctl')) { console.error('buildctl: not found'); process.exit(127); }
    const socket = require('node:net').connect(${JSON.stringify(engine.path)});
    process.stdin.pipe(socket).pipe(process.stdout);
  `;
  writeFileSync(join(folder, 'script.cjs'), script);
  writeFileSync(join(folder, name), `#!/bin/sh\nexec ${process.execPath} ${join(folder, 'script.cjs')} "$@"\n`);
  chmodSync(join(folder, name), 0o755);
}

function calls(): string[][] {
  return readFileSync(join(folder, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const dialStdio = ['buildctl', 'dial-stdio'];

test.each([
  ['docker-container://b?context=far', 'docker', ['--context', 'far', 'exec', '-i', 'b', ...dialStdio]],
  ['podman-container://b', 'podman', ['exec', '-i', 'b', ...dialStdio]],
  ['nerdctl-container://b?namespace=n', 'nerdctl', ['--namespace', 'n', 'exec', '-i', 'b', ...dialStdio]],
  [
    'kube-pod://p?namespace=n&container=c&context=x&kubeconfig=/k',
    'kubectl',
    [
      '--kubeconfig',
      '/k',
      '--context',
      'x',
      '--namespace',
      'n',
      'exec',
      '-i',
      'p',
      '--container',
      'c',
      '--',
      ...dialStdio,
    ],
  ],
])('%s', async (address, name, args) => {
  program(name);
  const connection = await connect(address);
  expect(connection).toMatchObject({ kind: 'buildkit', via: 'direct' });
  expect(calls()).toEqual([args]);
  await connection.close();
});

test('ssh:// goes by the system ssh, to buildctl with the socket named, quoted for the shell there', async () => {
  program('ssh');
  const connection = await connect("ssh://me@host:2222/run/it's.sock");
  await connection.close();
  expect(calls()).toEqual([
    ['-T', '-o', 'ConnectTimeout=30', '-o', 'ServerAliveInterval=15', '-l', 'me', '-p', '2222', '--', 'host'].concat([
      'buildctl',
      '--addr',
      `'unix:///run/it'\\''s.sock'`,
      'dial-stdio',
    ]),
  ]);
});

test('ssh:// to a machine without buildctl tries Docker there', async () => {
  await engine.close();
  engine = await FakeEngine.start({ speaks: 'upgrade' });
  program('ssh', true);
  const connection = await connect('ssh://host');
  expect(connection).toMatchObject({ kind: 'docker', via: 'upgrade' });
  expect(calls().map((args) => args.slice(args.indexOf('host') + 1))).toEqual([
    dialStdio,
    ['docker', 'system', 'dial-stdio'],
  ]);
  await connection.close();
});

test("what the program says is the error's text", async () => {
  writeFileSync(join(folder, 'docker'), '#!/bin/sh\necho "Error: No such container: b" >&2\nexit 1\n');
  chmodSync(join(folder, 'docker'), 0o755);
  await expect(connect('docker-container://b')).rejects.toMatchObject({
    code: 'command-failed',
    message: 'docker ended with exit code 1: Error: No such container: b',
  });
  await expect(connect('podman-container://b')).rejects.toMatchObject({ code: 'no-program' });
});

test.each(['docker', 'buildkit'] as const)(
  'what the program says of its failure is told, whatever is expected (%s)',
  async (expected) => {
    writeFileSync(join(folder, 'ssh'), '#!/bin/sh\necho "Host key verification failed." >&2\nexit 255\n');
    chmodSync(join(folder, 'ssh'), 0o755);
    await expect(connect('ssh://there', { expect: expected })).rejects.toMatchObject({
      code: 'command-failed',
      message: 'ssh ended with exit code 255: Host key verification failed.',
    });
  },
);
