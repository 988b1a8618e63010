import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, type TestContext, test } from 'vitest';
import { FakeEngine } from '../fixtures/fake-engine.js';
import { type SentEntry, sendEntries, stat } from '../fixtures/fake-transfer.js';
import { openSession, type Session } from '../session.js';

const DIRECTORY = 2 ** 31 + 0o755;
const LINK = 2 ** 27 + 0o777;
const PIPE = 2 ** 25 + 0o644;

let folder: string;
let mount: string;
let device: string | undefined;
/** Why there is no such file system here. */
let missing: string | undefined;
let engine: FakeEngine;
let session: Session;

/** exFAT, as on a memory card: no difference between cases, no links, no modes, few characters in names. By FUSE, where the kernel has none. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exfat-'));
  mount = join(folder, 'mount');
  mkdirSync(mount);
  const image = join(folder, 'image');
  writeFileSync(image, '');
  truncateSync(image, 64 * 2 ** 20);
  try {
    execFileSync('mkfs.exfat', [image], { stdio: 'pipe' });
    device = execFileSync('losetup', ['--find', '--show', image], { stdio: 'pipe', encoding: 'utf8' }).trim();
    mountExfat(device);
  } catch (error) {
    missing = `exFAT can't be mounted here: ${error instanceof Error ? error.message.trim() : error}`;
  }
});

function mountExfat(from: string): void {
  try {
    execFileSync('mount', ['-t', 'exfat', from, mount], { stdio: 'pipe' });
  } catch {
    execFileSync('mount.exfat-fuse', [from, mount], { stdio: 'pipe' });
  }
}

afterAll(() => {
  if (missing === undefined) execFileSync('umount', [mount]);
  if (device !== undefined) execFileSync('losetup', ['--detach', device]);
  rmSync(folder, { recursive: true });
});

beforeEach(async (context) => {
  context.skip(missing !== undefined, missing);
  engine = new FakeEngine();
  session = await openSession(engine);
});

afterEach(async ({ task }: TestContext) => {
  if (task.result?.state === 'skip') return;
  await session?.close();
  await engine?.close();
  if (missing === undefined) for (const name of readdirSync(mount)) rmSync(join(mount, name), { recursive: true });
});

const file = (path: string, text = 'x'): SentEntry => ({
  stat: stat(path, { size: BigInt(text.length) }),
  content: Buffer.from(text),
});
const directory = (path: string): SentEntry => ({ stat: stat(path, { mode: DIRECTORY }) });

async function send(mirror: boolean, ...entries: readonly SentEntry[]): Promise<void> {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: join(mount, 'out'), mirror });
  await sendEntries(engine, 0, entries);
  await target.commit();
}

test('a tree arrives, with times of two seconds and whatever modes there are', async () => {
  await send(false, directory('d'), file('d/f', 'text'), file('große Datei 😀.'), file('large', 'x'.repeat(1_000_000)));
  expect(readFileSync(join(mount, 'out/d/f'), 'utf8')).toBe('text');
  expect(lstatSync(join(mount, 'out/large')).size).toBe(1_000_000);
  expect(Math.abs(lstatSync(join(mount, 'out/d/f')).mtimeMs - 1_700_000_000_000)).toBeLessThanOrEqual(2000);
  expect(readdirSync(join(mount, 'out')).length).toBe(3);
});

test.each<[string, readonly SentEntry[], string, string]>([
  ['names that differ in case', [file('Aa'), file('aA')], 'aA', 'has the same name as another entry'],
  ['folders that differ in case', [directory('Aa'), directory('aA')], 'aA', 'has the same name as another entry'],
  ['a name with a colon', [file('ok'), file('z:z')], 'z:z', 'the file system takes no such name'],
  ['a folder with a question mark', [directory('z?')], 'z?', 'the file system takes no such name'],
  ['a symbolic link', [file('a'), { stat: stat('l', { mode: LINK, linkname: 'a' }) }], 'l', 'has no symbolic links'],
  ['a hard link', [file('a'), { stat: stat('l', { linkname: 'a' }) }], 'l', 'has no hard links'],
  ['a named pipe', [file('a'), { stat: stat('p', { mode: PIPE }) }], 'p', 'no named pipe can be made there'],
])('%s: an error that names it, and nothing is left', async (_what, entries, path, reason) => {
  await expect(send(false, ...entries)).rejects.toMatchObject({
    path: join(mount, 'out', path),
    message: expect.stringContaining(reason),
    help: expect.stringContaining('tar file'),
  });
  expect(readdirSync(mount)).toEqual([]);
});

test('what is there by another spelling is replaced, merged with, and not taken for a leftover', async () => {
  mkdirSync(join(mount, 'out/Docs'), { recursive: true });
  writeFileSync(join(mount, 'out/Docs/own'), 'own');
  writeFileSync(join(mount, 'out/README'), 'old');
  writeFileSync(join(mount, 'out/other'), 'old');
  await send(true, directory('docs'), file('docs/new', 'new'), file('readme', 'new'));
  expect(
    readdirSync(join(mount, 'out'))
      .map((name) => name.toLowerCase())
      .sort(),
  ).toEqual(['docs', 'readme']);
  expect(readFileSync(join(mount, 'out/readme'), 'utf8')).toBe('new');
  expect(readdirSync(join(mount, 'out/docs'))).toEqual(['new']);
});
