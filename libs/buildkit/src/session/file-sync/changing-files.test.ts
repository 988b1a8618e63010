import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { receiveDirectory } from '../fixtures/fake-transfer.js';
import { sessionForEachTest } from '../fixtures/open-session.js';

/* Files that do not stay as they were announced: what an engine keeps, it keeps under their size and time of then. */

const on = sessionForEachTest({ sends: 'src' });

/** Runs `change` when the list is complete and nothing has been asked for, then asks for everything. */
async function receiveAfter(change: () => void): Promise<Awaited<ReturnType<typeof receiveDirectory>>> {
  let changed = false;
  return await receiveDirectory(
    on.engine,
    { 'dir-name': 'src' },
    {
      onStat: () => {
        if (!changed) change();
        changed = true;
      },
    },
  );
}

test.each<[string, number]>([
  ['small', 1000],
  ['large', 2_000_000],
])('a %s file that vanishes, changes, shrinks, or becomes something else, fails by name', async (_name, size) => {
  const file = join(on.src, 'f');
  const cases: [() => void, string][] = [
    [() => rmSync(file), 'not-found'],
    [() => truncateSync(file, size - 1), 'changed'],
    [() => writeFileSync(file, Buffer.alloc(size, 'y')), 'changed'],
    [
      () => {
        rmSync(file);
        symlinkSync('/etc/passwd', file);
      },
      'changed',
    ],
    [
      () => {
        rmSync(file);
        mkdirSync(file);
      },
      'changed',
    ],
  ];
  for (const [change, code] of cases) {
    rmSync(file, { recursive: true, force: true });
    writeFileSync(file, Buffer.alloc(size, 'x'));
    utimesSync(file, 1_000_000, 1_000_000);
    const { entries, status, error } = await receiveAfter(change);
    expect(status.code).not.toBe(0);
    // Whatever had come of it before, its end has not: no engine keeps it.
    expect(entries.map((entry) => [entry.stat.path, entry.content])).toEqual([['f', undefined]]);
    expect(status.message).toContain(file);
    expect(error).toBe(status.message);
    expect(on.events.at(-1)).toMatchObject({ state: 'failed', error: { code, path: file } });
  }
});

test('a file that becomes a pipe does not hang', async () => {
  writeFileSync(join(on.src, 'f'), 'abc');
  const { entries, status } = await receiveAfter(() => {
    rmSync(join(on.src, 'f'));
    execFileSync('mkfifo', [join(on.src, 'f')]);
  });
  expect(status.code).not.toBe(0);
  expect(entries[0]?.content).toBeUndefined();
  expect(on.events.at(-1)).toMatchObject({ state: 'failed', error: { path: join(on.src, 'f') } });
});

test('a file that loses its read right fails by name', async () => {
  for (const path of [on.folder, on.src]) chmodSync(path, 0o755);
  writeFileSync(join(on.src, 'f'), 'abc');
  process.seteuid?.(65534);
  const { entries, status } = await receiveAfter(() => {
    process.seteuid?.(0);
    chmodSync(join(on.src, 'f'), 0o000);
    process.seteuid?.(65534);
  });
  process.seteuid?.(0);
  expect(entries[0]?.content).toBeUndefined();
  expect(status).toMatchObject({ code: 7, message: `cannot read ${join(on.src, 'f')}: permission denied` });
});

test('of a file that grows, what was announced is sent, with a warning', async () => {
  writeFileSync(join(on.src, 'log'), 'first');
  writeFileSync(join(on.src, 'big'), Buffer.alloc(1_000_000, 'x'));
  const { entries, status } = await receiveAfter(() => {
    appendFileSync(join(on.src, 'log'), ' second');
    appendFileSync(join(on.src, 'big'), 'more');
  });
  expect(status.code).toBe(0);
  expect(
    entries.map((entry) =>
      entry.content?.equals(entry.stat.path === 'log' ? Buffer.from('first') : Buffer.alloc(1_000_000, 'x')),
    ),
  ).toEqual([true, true]);
  expect([...(on.events.at(-1)?.warnings ?? [])].sort()).toEqual([
    `${join(on.src, 'big')} grew while it was being sent; the 1000000 bytes that it had at first were sent`,
    `${join(on.src, 'log')} grew while it was being sent; the 5 bytes that it had at first were sent`,
  ]);
});

test('a vanished directory between list and request fails by name', async () => {
  mkdirSync(join(on.src, 'd'));
  writeFileSync(join(on.src, 'd/f'), 'abc');
  const { entries, status } = await receiveAfter(() => renameSync(join(on.src, 'd'), `${on.src}-gone`));
  rmSync(`${on.src}-gone`, { recursive: true, force: true });
  expect(status).toMatchObject({ code: 5, message: `cannot read ${join(on.src, 'd/f')}: does not exist` });
  expect(entries.map((entry) => entry.content)).toEqual([undefined, undefined]);
});

test.each([1000, 2_000_000])(
  'one that another takes the place of is another, however long (%i bytes)',
  async (size) => {
    const file = join(on.src, 'f');
    writeFileSync(file, Buffer.alloc(size, 'x'));
    const { entries, status } = await receiveAfter(() => {
      writeFileSync(`${on.folder}/new`, Buffer.alloc(size * 2, 'y'));
      renameSync(`${on.folder}/new`, file);
    });
    expect(entries[0]?.content).toBeUndefined();
    expect(status.message).toContain(`${file} changed while it was being sent`);
  },
);

/** Below and above what is read on the spot, what is read at a time, and a block. */
const SIZES = [10, 1000, 70_000, 131_073, 700_000, 1_600_000];

/** What a file holds: every piece of it tells of which file and which of its versions it is. */
function contentOf(file: number, version: number, size: number): Buffer {
  return Buffer.alloc(size, `${file}:${version} `);
}

/** Changes a file, whatever has become of it, and tells what is in it then; `undefined` where it holds nothing that may be sent. */
type Change = (path: string, before: Buffer, next: (size: number) => Buffer) => Buffer | undefined;

const CHANGES: Readonly<Record<string, Change>> = {
  grows: (path, before, next) => {
    const more = next(5000);
    appendFileSync(path, more);
    return Buffer.concat([before, more]);
  },
  shrinks: (path, before) => {
    const left = before.subarray(0, Math.floor(before.length / 2));
    truncateSync(path, left.length);
    return left;
  },
  'is written over': (path, before, next) => {
    const content = next(before.length);
    const fd = openSync(path, 'r+');
    writeSync(fd, content);
    closeSync(fd);
    return content;
  },
  'is written over in the middle': (path, before, next) => {
    const at = Math.floor(before.length / 2);
    const piece = next(Math.min(100, before.length - at));
    const fd = openSync(path, 'r+');
    writeSync(fd, piece, 0, piece.length, at);
    closeSync(fd);
    return Buffer.concat([before.subarray(0, at), piece, before.subarray(at + piece.length)]);
  },
  'is replaced by a longer one': (path, before, next) => {
    const content = next(before.length + 7);
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
    return content;
  },
  'is replaced by one as long': (path, before, next) => {
    const content = next(before.length);
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
    return content;
  },
  vanishes: (path) => {
    rmSync(path);
    return undefined;
  },
  'loses its read right': (path, before) => {
    chmodSync(path, 0o000);
    return before;
  },
  'becomes a link': (path) => {
    rmSync(path);
    symlinkSync('/etc/passwd', path);
    return undefined;
  },
};

/** A tree that changes, and all that its files have held, by their size and time. */
class ChangingTree {
  readonly #now = new Map<number, Buffer>();
  readonly #versions = new Map<string, Buffer>();
  #version = 0;

  constructor() {
    rmSync(on.src, { recursive: true, force: true });
    mkdirSync(on.src);
    for (const path of [on.folder, on.src]) chmodSync(path, 0o755);
    for (const [file, size] of SIZES.entries()) {
      const content = contentOf(file, 0, size);
      writeFileSync(this.#path(file), content);
      this.#note(file, content);
    }
  }

  /** As root, who alone may do all of it; the transfer is another's. */
  change(file: number, kind: string): void {
    const before = this.#now.get(file);
    if (before === undefined) return;
    process.seteuid?.(0);
    this.#version += 1;
    const after = CHANGES[kind]?.(this.#path(file), before, (size) => contentOf(file, this.#version, size));
    this.#note(file, after);
    process.seteuid?.(65_534);
  }

  /** What the file held when it had this size and time. */
  announced({ path, size, modTime }: { path: string; size: bigint; modTime: bigint }): Buffer | undefined {
    return this.#versions.get(`${path} ${size} ${modTime}`);
  }

  #note(file: number, content: Buffer | undefined): void {
    if (content === undefined) {
      this.#now.delete(file);
      return;
    }
    this.#now.set(file, content);
    const { size, mtimeNs } = lstatSync(this.#path(file), { bigint: true });
    this.#versions.set(`f${file} ${size} ${mtimeNs}`, content);
  }

  #path(file: number): string {
    return join(on.src, `f${file}`);
  }
}

test('whatever becomes of files, at whatever moment, what arrives whole is what was announced', async () => {
  const outcomes = { done: 0, failed: 0, whole: 0 };
  const change = fc.record({
    file: fc.nat(SIZES.length - 1),
    kind: fc.constantFrom(...Object.keys(CHANGES)),
    turns: fc.oneof(fc.nat(5), fc.nat(60)),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 4 }), async (changes) => {
      const tree = new ChangingTree();
      process.seteuid?.(65_534);
      // Several at once, of the same files: each waits for the others' turns and room.
      const transfers = Promise.all([1, 2, 3].map(() => receiveDirectory(on.engine, { 'dir-name': 'src' })));
      for (const { file, kind, turns } of changes) {
        for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
        tree.change(file, kind);
      }
      const received = await transfers;
      process.seteuid?.(0);
      for (const { entries, status } of received) {
        outcomes[status.code === 0 ? 'done' : 'failed'] += 1;
        for (const { stat, content } of entries) {
          const regular = stat.linkname === '' && stat.mode < 0o1000;
          if (status.code === 0 && regular) expect(content, stat.path).toBeDefined();
          if (content === undefined) continue;
          outcomes.whole += 1;
          expect(tree.announced(stat)?.equals(content), `${stat.path}, ${stat.size} bytes`).toBe(true);
        }
        if (changes.length === 0) expect(status).toEqual({ code: 0, message: '' });
        if (status.code !== 0) expect(status.message).toContain(`${on.src}/f`);
      }
    }),
    { numRuns: 200 },
  );
  // It has seen both, and much of each.
  expect(Math.min(outcomes.done, outcomes.failed)).toBeGreaterThan(50);
  expect(outcomes.whole).toBeGreaterThan(1000);
});
