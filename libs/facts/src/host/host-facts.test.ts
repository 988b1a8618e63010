import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostFacts } from './host-facts.js';

let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'hlb-facts-')));
  mkdirSync(join(root, 'tree/a/deep'), { recursive: true });
  mkdirSync(join(root, 'outside'));
  writeFileSync(join(root, 'outside/secret'), '');
  writeFileSync(join(root, 'tree/a/deep/x'), '');
  writeFileSync(join(root, 'tree/a/b'), '');
  writeFileSync(join(root, 'tree/a-b'), '');
  writeFileSync(join(root, 'tree/é'), '');
  symlinkSync('../outside', join(root, 'tree/out'));
  symlinkSync('a/b', join(root, 'tree/link'));
  symlinkSync('.', join(root, 'tree/loop'));
  symlinkSync('nowhere', join(root, 'tree/dangling'));
});

afterAll(() => rmSync(root, { recursive: true }));

describe('paths of the host', () => {
  test.each([
    ['tree', 'directory', 'tree'],
    ['tree/a-b', 'file', 'tree/a-b'],
    ['tree/link', 'file', 'tree/a/b'],
    ['tree/out/secret', 'file', 'outside/secret'],
    ['tree/dangling', 'missing', 'tree/dangling'],
    ['tree/a-b/x', 'missing', 'tree/a-b/x'],
    ['nothing', 'missing', 'nothing'],
  ])('%s is a %s', async (path, kind, realPath) => {
    expect(await hostFacts().path(join(root, path))).toEqual({ kind, realPath: join(root, realPath) });
  });

  test('a link to itself cannot be read', async () => {
    symlinkSync('self', join(root, 'self'));
    expect((await hostFacts().path(join(root, 'self'))).kind).toBe('unreadable');
  });

  test('a socket, and a device', async () => {
    const server = createServer();
    const path = join(root, 'socket');
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect((await hostFacts().path(path)).kind).toBe('socket');
    server.close();
    expect((await hostFacts().path('/dev/null')).kind).toBe('other');
  });

  test('the files below a directory, in the order of a walk, without links', async () => {
    expect(await hostFacts().files(join(root, 'tree'))).toEqual(['a/b', 'a/deep/x', 'a-b', 'é']);
  });

  test('a directory that is none', async () => {
    await expect(hostFacts().files(join(root, 'nothing'))).rejects.toThrow(/nothing can't be read \(ENOENT\)/);
  });

  test('what was asked is remembered', async () => {
    const facts = hostFacts();
    const path = join(root, 'late');
    expect((await facts.path(path)).kind).toBe('missing');
    writeFileSync(path, '');
    expect((await facts.path(path)).kind).toBe('missing');
    expect((await hostFacts().path(path)).kind).toBe('file');
  });
});

describe('the process', () => {
  test('values of the process, or those given', async () => {
    const live = hostFacts();
    expect(await live.cwd()).toBe(process.cwd());
    expect((await live.environment()).get('PATH')).toBe(process.env.PATH);
    const given = hostFacts({ cwd: '/c', home: '/h', os: 'plan9', arch: 'mips', environment: new Map([['A', 'b']]) });
    expect(await Promise.all([given.cwd(), given.home(), given.os(), given.arch()])).toEqual([
      '/c',
      '/h',
      'plan9',
      'mips',
    ]);
    expect([...(await given.environment())]).toEqual([['A', 'b']]);
  });

  test('names are those of Go', async () => {
    expect(['linux', 'darwin', 'windows']).toContain(await hostFacts().os());
    expect(['amd64', 'arm64', 'arm', 'riscv64', 'ppc64le', 's390x', '386']).toContain(await hostFacts().arch());
  });
});

describe('commands', () => {
  const facts = hostFacts({
    environment: new Map([
      ['PATH', '/usr/bin:/bin'],
      ['WHO', 'dev'],
    ]),
  });
  const script = 'echo out $WHO; echo err >&2; echo more; exit 3';
  const command = (capture: 'stdout' | 'stderr' | 'both') =>
    facts.command({ args: ['sh', '-c', script], cwd: root, capture });

  test('stdout', async () => {
    expect(await command('stdout')).toEqual({ output: 'out dev\nmore\n', discarded: 'err\n', exit: 3 });
  });

  test('stderr', async () => {
    expect(await command('stderr')).toEqual({ output: 'err\n', discarded: 'out dev\nmore\n', exit: 3 });
  });

  test('both, in the order in which they were written', async () => {
    expect(await command('both')).toEqual({ output: 'out dev\nerr\nmore\n', discarded: '', exit: 3 });
  });

  test('its directory, an environment of its own and no input', async () => {
    const environment = new Map([
      ['PATH', '/usr/bin:/bin'],
      ['A', 'b'],
    ]);
    const args = ['sh', '-c', 'pwd; echo "$A$WHO"; cat'];
    const result = await facts.command({ args, cwd: join(root, 'tree'), capture: 'stdout', environment });
    expect(result.output).toBe(`${join(root, 'tree')}\nb\n`);
  });

  test('the signal that ended it', async () => {
    expect((await facts.command({ args: ['sh', '-c', 'kill -9 $$'], cwd: root, capture: 'stdout' })).exit).toBe(
      'SIGKILL',
    );
  });

  test('one that is not there', async () => {
    const running = facts.command({ args: ['no-such-command'], cwd: root, capture: 'stdout' });
    await expect(running).rejects.toThrow(`no-such-command can't be run in ${root} (ENOENT)`);
  });

  test('an abort stops it', async () => {
    const controller = new AbortController();
    const running = hostFacts({ signal: controller.signal }).command({
      args: ['sleep', '600'],
      cwd: root,
      capture: 'both',
    });
    controller.abort(new Error('stop'));
    await expect(running).rejects.toThrow('stop');
  });
});
