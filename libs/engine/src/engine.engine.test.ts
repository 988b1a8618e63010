import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testPackages } from '../../../tests/support/engine-global-setup.js';
import { testEngine } from '../../../tests/support/test-engine.js';
import { type EngineOptions, engineDown, enginePurge, engineStatus, engineUp } from './index.js';
import { engineLayout } from './layout.js';
import { dockerCli } from './testing/index.js';
import { installedNetworkTools } from './tools.js';

const run = promisify(execFile);

// Each test has an engine of its own; the packages are those that the test run has unpacked already.
const packages = testPackages();
let dir: string;
let options: EngineOptions;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hlb-engine-'));
  options = { dir, packages };
});

afterEach(async () => {
  await enginePurge(options);
  await rm(dir, { recursive: true, force: true });
});

/** Whatever of the engine this machine still has: processes, mounts, network devices, tables, control groups. */
async function traces(): Promise<string[]> {
  const { bridge, cgroup, run: runFolder } = engineLayout(options);
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    const [stat, args, groups] = [await read('stat'), await read('cmdline'), await read('cgroup')];
    const zombie = / [ZX] /.test(stat.slice(stat.lastIndexOf(')'), stat.lastIndexOf(')') + 4));
    const own = args.includes(`${dir}/`) || args.includes(`${runFolder}/`) || groups.includes(`/${cgroup}/`);
    if (/^\d+$/.test(pid) && own && !zombie) found.push(`process ${pid}: ${args.replaceAll('\0', ' ')}`);
  }
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  found.push(...mounts.split('\n').filter((line) => line.includes(` ${dir}/`) || line.includes(` ${runFolder}/`)));
  if (existsSync(`/sys/class/net/${bridge}`)) found.push(`bridge ${bridge}`);
  const { nft } = await installedNetworkTools(packages, process.env);
  if (nft === undefined) throw new Error('The test needs nft to see the tables that are left.');
  if ((await run(nft, ['list', 'tables'])).stdout.includes(bridge)) found.push(`table ${bridge}`);
  for (const hierarchy of await readdir('/sys/fs/cgroup'))
    if (existsSync(`/sys/fs/cgroup/${hierarchy}/${cgroup}`)) found.push(`control group ${hierarchy}/${cgroup}`);
  return found;
}

/** Starts a build whose RUN goes on until it is ended, and resolves once that runs. */
async function endlessBuild(address: string): Promise<void> {
  const cli = await dockerCli({ packages });
  if (cli.path === undefined) throw new Error(cli.reason);
  const context = join(dir, 'context');
  await mkdir(context);
  const lines = [`FROM ${testEngine().registry}/base`, 'RUN echo it has begun; sleep 100000'];
  await writeFile(join(context, 'Dockerfile'), lines.join('\n'));
  const env = { ...process.env, ...cli.env, DOCKER_HOST: address };
  const build = execFile(cli.path, ['buildx', 'build', '--progress', 'plain', context], { env });
  await new Promise<void>((resolve, reject) => {
    let output = '';
    build.stderr?.on('data', (chunk: Buffer | string) => {
      output += String(chunk);
      if (/^#\d+ [\d.]+ it has begun/m.test(output)) resolve();
    });
    build.once('exit', () => reject(new Error(`The build ended: ${output}`)));
  });
}

test('up starts an engine, and finds it the next time without any work', async () => {
  expect(await engineStatus(options)).toEqual({ state: 'down' });
  const first = await engineUp(options);
  expect(first).toMatchObject({ address: `unix://${dir}/run/docker.sock`, dir, version: expect.stringMatching(/^\d/) });
  const progress: string[] = [];
  expect(await engineUp({ ...options, onProgress: (line) => progress.push(line) })).toEqual(first);
  expect(progress).toEqual([]);
  expect(await engineStatus(options)).toEqual({ state: 'up', ...first });
});

test('up waits for an engine that runs but is too busy to answer', async () => {
  const engine = await engineUp(options);
  process.kill(engine.pid, 'SIGSTOP');
  const onProgress = (line: string): void => {
    if (line === 'waiting for the running engine to answer') process.kill(engine.pid, 'SIGCONT');
  };
  expect(await engineUp({ ...options, onProgress })).toEqual(engine);
});

test("builds get out of the machine through rules that are the engine's own", async () => {
  await engineUp(options);
  const { bridge } = engineLayout(options);
  const { nft } = await installedNetworkTools(packages, process.env);
  expect(nft).toBeDefined();
  expect((await run(nft ?? '', ['list', 'table', 'ip', bridge])).stdout).toContain(`oifname != "${bridge}" masquerade`);
  expect(await readFile(`/proc/sys/net/ipv4/conf/${bridge}/forwarding`, 'utf8')).toBe('1\n');
});

test('two calls at once start one engine', async () => {
  const [first, second] = await Promise.all([engineUp(options), engineUp(options)]);
  expect(second).toEqual(first);
});

test('engines in different folders run at the same time, on networks of their own', async () => {
  const other = { dir: await mkdtemp(join(tmpdir(), 'hlb-engine-')), packages };
  try {
    const ranges: string[] = [];
    const onProgress = (line: string): void => {
      ranges.push(/ on (\S+)$/.exec(line)?.[1] ?? '');
    };
    const first = await engineUp({ ...options, onProgress });
    const second = await engineUp({ ...other, onProgress });
    expect(second.pid).not.toBe(first.pid);
    expect(new Set(ranges.filter((range) => range !== '')).size).toBe(2);
    await engineDown(other);
    expect(await engineStatus(options)).toMatchObject({ state: 'up', pid: first.pid });
  } finally {
    await enginePurge(other);
  }
});

test('down leaves nothing but the cache, even of a build that is running', async () => {
  const engine = await engineUp(options);
  await endlessBuild(engine.address);
  expect((await traces()).length).toBeGreaterThan(3);
  await engineDown(options);
  expect(await traces()).toEqual([]);
  expect(await engineStatus(options)).toEqual({ state: 'down' });
  expect(await readdir(join(dir, 'data'))).toEqual([engine.suite]);
  await engineDown(options);
});

test('down clears up after a dockerd that was killed in the middle of a build', async () => {
  const engine = await engineUp(options);
  await endlessBuild(engine.address);
  process.kill(engine.pid, 'SIGKILL');
  await engineDown(options);
  expect(await traces()).toEqual([]);
});

test('up starts anew after a dockerd that was killed, with its cache', async () => {
  const first = await engineUp(options);
  await endlessBuild(first.address);
  process.kill(first.pid, 'SIGKILL');
  const second = await engineUp(options);
  expect(second.pid).not.toBe(first.pid);
  const cli = await dockerCli({ packages });
  if (cli.path === undefined) throw new Error(cli.reason);
  const env = { ...process.env, ...cli.env, DOCKER_HOST: second.address };
  const usage = await run(cli.path, ['buildx', 'du', '--verbose'], { env });
  expect(usage.stdout).toContain(`pulled from ${testEngine().registry}/base`);
});

test('purge leaves no trace, and does nothing where there is nothing', async () => {
  await engineUp(options);
  await enginePurge(options);
  expect(await traces()).toEqual([]);
  expect(existsSync(dir)).toBe(false);
  await enginePurge(options);
  expect(existsSync(dir)).toBe(false);
});

test("somebody else's folder is neither used nor deleted", async () => {
  await mkdir(join(dir, 'data'));
  await writeFile(join(dir, 'data/letter'), 'dear');
  await writeFile(join(dir, 'notes'), 'mine');
  const refusal = { code: 'bad-folder', message: expect.stringContaining('(notes, for one)') };
  await expect(engineUp(options)).rejects.toMatchObject(refusal);
  await expect(enginePurge(options)).rejects.toMatchObject(refusal);
  expect(await readFile(join(dir, 'data/letter'), 'utf8')).toBe('dear');
  await rm(join(dir, 'notes'));
});

test('purge leaves what somebody put into the folder', async () => {
  await engineUp(options);
  await writeFile(join(dir, 'notes'), 'mine');
  await enginePurge(options);
  expect(await readdir(dir)).toEqual(['notes']);
  await rm(join(dir, 'notes'));
});

test('a folder with a long name is no obstacle', async () => {
  options = { dir: join(dir, 'long-'.repeat(24)), packages };
  const engine = await engineUp(options);
  expect(engine.address.length).toBeLessThan(60);
  await enginePurge(options);
  expect(await traces()).toEqual([]);
  expect(existsSync(engineLayout(options).run)).toBe(false);
});

test('a start that fails says what the engine said, and leaves nothing behind', async () => {
  await mkdir(join(dir, 'data'));
  await writeFile(join(dir, 'data/trixie'), 'not a folder');
  await expect(engineUp({ ...options, suite: 'trixie' })).rejects.toMatchObject({
    code: 'bad-folder',
    help: expect.stringContaining('HLB_ENGINE_DIR'),
  });
  await rm(join(dir, 'data/trixie'));
  await mkdir(join(dir, 'data/trixie'));
  await writeFile(join(dir, 'data/trixie/buildkit'), 'not a folder');
  await expect(engineUp({ ...options, suite: 'trixie' })).rejects.toMatchObject({
    code: 'start-failed',
    message: expect.stringMatching(/dockerd ended at once \(exit code 1\).*not a directory/s),
    help: expect.stringContaining('BUILDKIT_HOST'),
  });
  expect(await traces()).toEqual([]);
});

/** Runs `use` with a file system in memory that is mounted with these options. */
async function onDisk(mountOptions: string, use: (disk: string) => Promise<void>): Promise<void> {
  const disk = await mkdtemp(join(tmpdir(), 'hlb-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', mountOptions, 'none', disk]);
  try {
    await use(disk);
  } finally {
    await run('umount', [disk]);
    await rm(disk, { recursive: true });
  }
}

test('a folder that can not be written says why', async () => {
  await onDisk('ro', async (disk) => {
    await expect(engineUp({ dir: join(disk, 'a/b'), packages })).rejects.toMatchObject({
      code: 'bad-folder',
      message: expect.stringContaining(`${disk}/a can't be used: EROFS`),
      help: expect.stringContaining('HLB_ENGINE_DIR'),
    });
  });
});

test('a disk without room for the engine says so before anything is fetched', async () => {
  await onDisk('size=900k', async (disk) => {
    await expect(engineUp({ dir: disk, packages: join(disk, 'packages') })).rejects.toMatchObject({
      code: 'disk-full',
      message: `The disk that holds ${disk}/packages is full: 0 MB are left, and docker.io, containerd need 350 MB.`,
    });
    expect(await readdir(join(disk, 'packages'))).toEqual(['lock']);
  });
});

test('a start that is interrupted leaves nothing behind', async () => {
  const controller = new AbortController();
  const onProgress = (line: string): void => {
    if (line.startsWith('starting dockerd')) controller.abort();
  };
  const started = engineUp({ ...options, onProgress, signal: controller.signal });
  await expect(started).rejects.toMatchObject({ code: 'aborted' });
  expect(await traces()).toEqual([]);
});

test('a pid that another process has now is not taken for the engine', async () => {
  await mkdir(join(dir, 'run'));
  await writeFile(join(dir, 'run/engine.json'), JSON.stringify({ pid: process.pid, suite: 'trixie' }));
  expect(await engineStatus(options)).toEqual({ state: 'down' });
  const engine = await engineUp(options);
  expect(engine.pid).not.toBe(process.pid);
  await writeFile(join(dir, 'run/engine.json'), 'cut of');
  expect(await engineStatus(options)).toEqual({ state: 'down' });
  await engineDown(options);
  expect(await traces()).toEqual([]);
});

test('a running engine is switched to another mirror, but not to other limits', async () => {
  const first = await engineUp({ ...options, registryMirror: 'http://localhost:5001' });
  const mirrors = async (): Promise<string> => {
    const cli = await dockerCli({ packages });
    if (cli.path === undefined) throw new Error(cli.reason);
    const env = { ...process.env, ...cli.env, DOCKER_HOST: first.address };
    return (await run(cli.path, ['info', '--format', '{{json .RegistryConfig.Mirrors}}'], { env })).stdout;
  };
  expect(await mirrors()).toContain('http://localhost:5001/');
  expect(await engineUp({ ...options, registryMirror: 'http://localhost:5002' })).toEqual(first);
  expect(await mirrors()).toContain('http://localhost:5002/');
  await expect(engineUp({ ...options, logLimits: 'none' })).rejects.toMatchObject({ code: 'other-settings' });
  await expect(engineUp({ ...options, registryMirror: 'localhost:5000' })).rejects.toMatchObject({
    code: 'bad-option',
  });
});
