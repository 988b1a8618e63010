import { isUtf8 } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setAttributeSync } from '@napi-rs/xattr';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasUserXattrs, xattrsOf } from '../../../../tests/support/xattrs.js';
import { FakeEngine } from './fixtures/fake-engine.js';
import { receiveDirectory, sendEntries } from './fixtures/fake-transfer.js';
import { pathBytes } from './fsutil/path-text.js';
import { openSession } from './session.js';

type Xattrs = Readonly<Record<string, Uint8Array>>;

/** An entry of a random tree. Names that are taken, and links to nothing, are passed over when it is made. */
type Made =
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly size: number;
      readonly mode: number;
      readonly time: number;
      readonly xattrs: Xattrs;
    }
  | { readonly kind: 'symlink'; readonly name: string; readonly target: string; readonly time: number }
  | { readonly kind: 'hardlink'; readonly name: string; readonly to: number }
  | { readonly kind: 'fifo'; readonly name: string; readonly mode: number; readonly time: number }
  | {
      readonly kind: 'directory';
      readonly name: string;
      readonly mode: number;
      readonly time: number;
      readonly xattrs: Xattrs;
      readonly entries: readonly Made[];
    };

const name = fc
  .string({
    unit: fc.constantFrom(
      'a',
      'B',
      '.',
      ' ',
      '-',
      '\n',
      '\t',
      '\\',
      '*',
      '[',
      '!',
      'ä',
      '\ufffd',
      '\uffff',
      '\u{1f600}',
      '\udcff', // a byte that is not UTF-8
      '\udcc3',
    ),
    minLength: 1,
    maxLength: 6,
  })
  .filter((text) => text !== '.' && text !== '..');
const mode = fc.integer({ min: 0, max: 0o7777 });
/** Seconds and microseconds: what Node can set. */
const time = fc
  .tuple(fc.integer({ min: 0, max: 4_000_000_000 }), fc.integer({ min: 0, max: 999_999 }))
  .map(([s, us]) => s + us / 1e6);
const size = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 2000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 32_000, max: 140_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 260_000, max: 1_200_000 }) },
);
/** Some file systems keep 4 KiB of them. */
const xattrs: fc.Arbitrary<Xattrs> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.string({ unit: fc.constantFrom('a', 'B', '.', ' ', '\n', 'ä', '\u{1f600}'), minLength: 1, maxLength: 20 }),
      fc.uint8Array({ maxLength: 300 }),
      { maxKeys: 3, noNullPrototype: true },
    ),
  },
);
const tree: fc.Arbitrary<readonly Made[]> = fc.letrec<{ entries: readonly Made[]; entry: Made }>((tie) => ({
  entries: fc.array(tie('entry'), { maxLength: 8 }),
  entry: fc.oneof(
    { depthSize: 'small' },
    fc.record({ kind: fc.constant('file'), name, size, mode, time, xattrs }),
    fc.record({
      kind: fc.constant('symlink'),
      name,
      target: fc.oneof(name, fc.constantFrom('..', '/etc', '../../x')),
      time,
    }),
    fc.record({ kind: fc.constant('hardlink'), name, to: fc.nat(20) }),
    fc.record({ kind: fc.constant('fifo'), name, mode: fc.integer({ min: 0, max: 0o777 }), time }),
    fc.record({ kind: fc.constant('directory'), name, mode, time, xattrs, entries: tie('entries') }),
  ),
})).entries as fc.Arbitrary<readonly Made[]>;

const withXattrs = hasUserXattrs();

function setXattrs(path: string, xattrs: Xattrs): void {
  if (!withXattrs || !path.isWellFormed()) return;
  for (const [name, value] of Object.entries(xattrs)) setAttributeSync(path, `user.${name}`, value);
}

function make(path: string, entries: readonly Made[], files: Buffer[]): void {
  for (const entry of entries) {
    const text = `${path}/${entry.name}`;
    const inner = pathBytes(text);
    if (lstatSync(inner, { throwIfNoEntry: false })) continue;
    switch (entry.kind) {
      case 'file':
        writeFileSync(inner, Buffer.alloc(entry.size, `${entry.size}-${entry.name}`));
        setXattrs(text, entry.xattrs);
        chmodSync(inner, entry.mode);
        utimesSync(inner, entry.time, entry.time);
        files.push(inner);
        break;
      case 'symlink':
        symlinkSync(pathBytes(entry.target), inner);
        lutimesSync(inner, entry.time, entry.time);
        break;
      case 'hardlink': {
        const to = files[entry.to];
        if (to !== undefined) linkSync(to, inner);
        break;
      }
      case 'fifo':
        if (!text.isWellFormed()) break;
        execFileSync('mkfifo', [text]);
        chmodSync(inner, entry.mode);
        utimesSync(inner, entry.time, entry.time);
        break;
      case 'directory':
        mkdirSync(inner);
        make(text, entry.entries, files);
        setXattrs(text, entry.xattrs);
        chmodSync(inner, entry.mode);
        utimesSync(inner, entry.time, entry.time);
        break;
    }
  }
}

/** All that is to be equal, names by their bytes; hard links by the first path of their file. */
function describe(root: string): unknown[] {
  const described: unknown[] = [];
  const inodes = new Map<bigint, string>();
  const walk = (path: Buffer): void => {
    const names = readdirSync(path, 'buffer').sort((a, b) => Buffer.compare(a, b));
    for (const name of names) {
      const inner = Buffer.concat([path, Buffer.from('/'), name]);
      const shown = inner.subarray(root.length + 1).toString('latin1');
      const stats = lstatSync(inner, { bigint: true });
      const first = inodes.get(stats.ino) ?? shown;
      inodes.set(stats.ino, first);
      described.push({
        path: shown,
        mode: stats.mode.toString(8),
        // Node sets microseconds.
        time: stats.mtimeNs / 1000n,
        first,
        ...(withXattrs && isUtf8(inner) ? { xattrs: xattrsOf(inner.toString()) } : {}),
        ...(stats.isSymbolicLink() ? { target: readlinkSync(inner, 'latin1') } : {}),
        ...(stats.isFile() ? { content: readFileSync(inner).toString('base64') } : {}),
      });
      if (stats.isDirectory()) walk(inner);
    }
  };
  walk(Buffer.from(root));
  return described;
}

test('random trees sent out and back are the same', async () => {
  const engine = new FakeEngine();
  const session = await openSession(engine);
  const folder = mkdtempSync(join(tmpdir(), 'round-trip-'));
  try {
    await fc.assert(
      fc.asyncProperty(tree, async (entries) => {
        const from = join(folder, 'from');
        const to = join(folder, 'to');
        rmSync(from, { recursive: true, force: true });
        rmSync(to, { recursive: true, force: true });
        mkdirSync(from);
        make(from, entries, []);
        session.addDirectory({ name: 'src', path: from });
        const sent = await receiveDirectory(engine, { 'dir-name': 'src' });
        expect(sent.status).toEqual({ code: 0, message: '' });
        const target = session.addTarget({ exporterId: 0, kind: 'directory', path: to });
        expect((await sendEntries(engine, 0, sent.entries)).status).toEqual({ code: 0, message: '' });
        await target.commit();
        expect(describe(to)).toEqual(describe(from));
        // A second time, into what is there.
        const again = session.addTarget({ exporterId: 0, kind: 'directory', path: to });
        await sendEntries(engine, 0, sent.entries);
        await again.commit();
        expect(describe(to)).toEqual(describe(from));
        expect(readdirSync(folder).sort()).toEqual(['from', 'to']);
      }),
      { numRuns: 60 },
    );
  } finally {
    await session.close();
    await engine.close();
    rmSync(folder, { recursive: true });
  }
});
