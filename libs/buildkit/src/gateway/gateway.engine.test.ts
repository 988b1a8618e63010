import { text } from 'node:stream/consumers';
import { exec, file, imageSource, marshal, type Output } from '@hlb/llb';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { connect } from '../connect/connect.js';
import type { Connection } from '../connect/connection.js';
import { newRef } from '../control/start-solve.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import { skipUnless } from '../fixtures/skip-unless.js';
import type { Gateway } from './gateway.js';
import { openGateway } from './open-gateway.js';
import type { GatewayResult, Reference } from './result.js';

const platform = { os: 'linux', architecture: 'amd64' };
let connection: Connection;
let gateway: Gateway;

beforeAll(async () => {
  connection = await connect(testEngine().address);
  gateway = await openGateway(connection);
});

afterAll(async () => {
  await gateway.close();
  await connection.close();
});

function base(): Output {
  return imageSource({ ref: `${testEngine().registry}/base` });
}

function mkfile(path: string, content: string | Buffer): Output {
  return file({ base: undefined, actions: [{ kind: 'mkfile', path, mode: 0o640, data: Buffer.from(content) }] });
}

async function refOf(output: Output): Promise<Reference> {
  return only(await gateway.solve({ definition: marshal(output, { platform }) }));
}

function only(result: GatewayResult): Reference {
  if (result.refs.kind === 'one' && result.refs.ref !== undefined) return result.refs.ref;
  throw new Error('no single reference');
}

test('it tells what it can do', () => {
  expect(gateway.caps.has('solve.base')).toBe(true);
  expect(gateway.llbCaps.has('file.base')).toBe(true);
  expect(() => gateway.caps.require('gateway.dreams', 'dreaming')).toThrow(/dreaming is not supported by this engine/);
});

test("an image's config and digest", async () => {
  const { digest, config } = await gateway.resolveImageConfig(`${testEngine().registry}/base`, { platform });
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(JSON.parse(Buffer.from(config).toString())).toMatchObject({ os: 'linux', config: { Env: ['PATH=/bin'] } });
  await expect(gateway.resolveImageConfig(`${testEngine().registry}/missing:1`)).rejects.toThrow(/not found/);
});

test('files of a result: whole, in part, large, their entries, and what is not there', async () => {
  const megabytes = 17;
  const ref = await refOf(
    file({
      base: undefined,
      actions: [
        { kind: 'mkdir', path: '/dir', mode: 0o755 },
        { kind: 'mkfile', path: '/dir/small', mode: 0o640, data: Buffer.from('hello world') },
      ],
    }),
  );
  expect(Buffer.from(await gateway.readFile(ref, '/dir/small')).toString()).toBe('hello world');
  const part = await gateway.readFile(ref, '/dir/small', { offset: 6n, length: 3n });
  expect(Buffer.from(part).toString()).toBe('wor');
  const dd = `dd if=/dev/zero of=/large bs=1M count=${megabytes}`;
  const filled = exec({ base: base(), args: ['/bin/sh', '-c', dd], env: [['PATH', '/bin']], cwd: '/' }).root ?? base();
  expect((await gateway.readFile(await refOf(filled), 'large')).length).toBe(megabytes << 20);
  expect((await gateway.readDir(ref, '/')).map(({ path }) => path)).toEqual(['dir']);
  expect((await gateway.readDir(ref, '/dir', '*.txt')).map(({ path }) => path)).toEqual([]);
  expect(await gateway.statFile(ref, 'dir/small')).toMatchObject({ path: 'small', mode: 0o640, size: 11n });
  await expect(gateway.readFile(ref, '/missing')).rejects.toBeInstanceOf(BuildkitError);
});

test('scratch has no reference', async () => {
  const { refs } = await gateway.solve({ definition: marshal(undefined, { platform }) });
  expect(refs).toEqual({ kind: 'one', ref: undefined });
});

test('nothing is built before it is asked for', async () => {
  const failing = exec({ base: base(), args: ['/bin/sh', '-c', 'exit 9'], env: [['PATH', '/bin']], cwd: '/' }).root;
  if (failing === undefined) throw new Error('no root');
  const ref = await refOf(failing);
  const error = await gateway.evaluate(ref).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ details: { exitCode: 9 } });
  await expect(gateway.solve({ definition: marshal(failing, { platform }), evaluate: true })).rejects.toMatchObject({
    details: { exitCode: 9 },
  });
});

test('dockerfile.v0 with inputs: a definition, its image config', async () => {
  const dockerfile = mkfile('/Dockerfile', 'FROM scratch\nCOPY data /copied\nENV A=b\nCMD ["x"]\n');
  const result = await gateway.solve({
    frontend: 'dockerfile.v0',
    frontendInputs: new Map([
      ['context', marshal(mkfile('/data', 'of the context'), { platform })],
      ['dockerfile', marshal(dockerfile, { platform })],
    ]),
  });
  const ref = only(result);
  expect(ref.definition?.def.length).toBeGreaterThan(1);
  const config = JSON.parse(Buffer.from(result.metadata.get('containerimage.config') ?? '').toString());
  expect(config.config).toMatchObject({ Cmd: ['x'], Env: expect.arrayContaining(['A=b']) });
  expect(Buffer.from(await gateway.readFile(ref, '/copied')).toString()).toBe('of the context');
});

test("a frontend's own failure names its place", async (context) => {
  await skipUnless(context, 'llb:source.policy', 'places in errors');
  const error = await gateway
    .solve({
      frontend: 'dockerfile.v0',
      frontendInputs: new Map([
        ['context', marshal(undefined, { platform })],
        ['dockerfile', marshal(mkfile('/Dockerfile', 'FROM scratch\nBOGUS\n'), { platform })],
      ]),
    })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    message: expect.stringContaining('BOGUS'),
    details: { sources: [{ file: 'Dockerfile', ranges: [{ start: { line: 2 } }] }] },
  });
});

test('a warning of ours comes back in the news', async (context) => {
  await skipUnless(context, 'gateway:gateway.warnings');
  const own = await openGateway(connection);
  onTestFinished(() => own.close());
  const output = mkfile('/w', newRef());
  const definition = marshal(output, { platform });
  const result = await own.solve({ definition, evaluate: true });
  expect(only(result).id).not.toBe('');
  const vertex = definition.digests.at(-2) ?? '';
  await own.warn({ vertex, message: 'careful', details: ['because'], url: 'https://example.test/why' });
  await own.return();
  const warnings = [];
  for await (const update of own.updates) warnings.push(...update.warnings);
  expect(warnings).toMatchObject([
    { vertex, message: 'careful', details: ['because'], url: 'https://example.test/why' },
  ]);
});

test('a result is returned and exported', async () => {
  const own = await openGateway(connection, { exporters: [] });
  const result = await own.solve({ definition: marshal(mkfile('/r', newRef()), { platform }) });
  expect(await own.return(result)).toBeInstanceOf(Map);
  await own.close();
});

test('a build that the engine refuses is told from opening', async () => {
  await expect(openGateway(connection, { entitlements: ['no.such'] })).rejects.toBeInstanceOf(BuildkitError);
});

test('a container: output, input, exit codes, files of its mounts', async () => {
  const root = await refOf(base());
  const extra = await refOf(mkfile('/note', 'mounted'));
  const container = await gateway.newContainer({
    mounts: [
      { kind: 'result', path: '/', resultId: root.id },
      { kind: 'result', path: '/extra', resultId: extra.id },
      { kind: 'tmpfs', path: '/scratch' },
    ],
  });
  onTestFinished(() => container.release());
  const shell = await container.start({ args: ['/bin/sh'], env: ['PATH=/bin'], stdin: true });
  shell.stdin?.end('cat /extra/note; echo err >&2; cat /proc/mounts | grep -c /scratch; exit 3\n');
  const [out, err, exit] = await Promise.all([
    text(shell.stdout),
    shell.stderr === undefined ? '' : text(shell.stderr),
    shell.exit,
  ]);
  expect(out).toBe('mounted1\n');
  expect(err).toBe('err\n');
  expect(exit).toMatchObject({ code: 3 });
});

test('processes beside each other; a terminal with its size; signals', async (context) => {
  // Without signals the end of a process isn't told either, as long as its input is open.
  await skipUnless(context, 'gateway:gateway.exec.signals', 'end of a process with an open input, and signals');
  const root = await refOf(base());
  const container = await gateway.newContainer({ mounts: [{ kind: 'result', path: '/', resultId: root.id }] });
  onTestFinished(() => container.release());
  const init = await container.start({ args: ['/bin/sleep', '1000'], env: ['PATH=/bin'] });
  init.stdout.resume();
  init.stderr?.resume();
  const terminal = await container.start({ args: ['/bin/sh'], env: ['PATH=/bin', 'PS1='], tty: true, stdin: true });
  terminal.resize(33, 77);
  terminal.stdin?.write('until stty size | grep -q 77; do :; done; stty size; test -t 1 && echo terminal; exit 5\n');
  const [shown, exit] = await Promise.all([text(terminal.stdout), terminal.exit]);
  expect(terminal.stderr).toBeUndefined();
  expect(shown).toMatch(/\n33 77\r\nterminal\r\n/);
  expect(exit.code).toBe(5);
  init.signal('SIGKILL');
  expect((await init.exit).code).toBe(137);
  init.signal('TERM');
});

test('a command that can not be started says so', async () => {
  const root = await refOf(base());
  const container = await gateway.newContainer({ mounts: [{ kind: 'result', path: '/', resultId: root.id }] });
  onTestFinished(() => container.release());
  const process = await container.start({ args: ['/bin/nothing'] });
  process.stdout.resume();
  const [said, exit] = await Promise.all([process.stderr === undefined ? '' : text(process.stderr), process.exit]);
  expect(said).toMatch(/nothing.*no such file/);
  expect(exit.code).not.toBe(0);
});

test('releasing a container ends what runs in it', async () => {
  const root = await refOf(base());
  const container = await gateway.newContainer({ mounts: [{ kind: 'result', path: '/', resultId: root.id }] });
  const process = await container.start({ args: ['/bin/sleep', '1000'], env: ['PATH=/bin'] });
  process.stdout.on('error', () => undefined).resume();
  process.stderr?.on('error', () => undefined).resume();
  await container.release();
  await expect(process.exit).rejects.toThrow(/cancelled/);
});

test('a process is given up by its signal, and its container goes on', async () => {
  const root = await refOf(base());
  const container = await gateway.newContainer({ mounts: [{ kind: 'result', path: '/', resultId: root.id }] });
  onTestFinished(() => container.release());
  const init = await container.start({ args: ['/bin/sleep', '1000'], env: ['PATH=/bin'] });
  for (const output of [init.stdout, init.stderr]) output?.on('error', () => undefined).resume();
  const stop = new AbortController();
  const other = await container.start({ args: ['/bin/sleep', '777'], env: ['PATH=/bin'] }, stop.signal);
  for (const output of [other.stdout, other.stderr]) output?.on('error', () => undefined).resume();
  stop.abort(new Error('enough'));
  await expect(other.exit).rejects.toThrow('enough');
  const asking = await container.start({ args: ['/bin/echo', 'here'], env: ['PATH=/bin'] });
  asking.stderr?.resume();
  const [said, exit] = await Promise.all([text(asking.stdout), asking.exit]);
  expect({ said, code: exit.code }).toEqual({ said: 'here\n', code: 0 });
  init.disconnect();
});
