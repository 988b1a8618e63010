import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { CHANGES, ChangingTree, SIZES } from '../fixtures/changing-tree.js';
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

test('a file whose place a socket takes fails by name', async () => {
  const file = join(on.src, 'f');
  writeFileSync(file, 'abc');
  const server = net.createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(join(on.folder, 'socket'), resolve));
  const { entries, status } = await receiveAfter(() => renameSync(join(on.folder, 'socket'), file));
  expect(entries[0]?.content).toBeUndefined();
  expect(status.message).toBe(`${file} changed while it was being sent`);
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
    `${join(on.src, 'big')} grew while it was being sent; its first 1000000 bytes were sent`,
    `${join(on.src, 'log')} grew while it was being sent; its first 5 bytes were sent`,
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

test('whatever becomes of files, at whatever moment, what arrives whole is what was announced, or is told to have grown', async () => {
  const outcomes = { done: 0, failed: 0, whole: 0, grown: 0 };
  const change = fc.record({
    file: fc.nat(SIZES.length - 1),
    kind: fc.constantFrom(...Object.keys(CHANGES)),
    turns: fc.oneof(fc.nat(5), fc.nat(60)),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 4 }), async (changes) => {
      const tree = new ChangingTree(on.src);
      const first = on.events.length;
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
          if (tree.announced(stat)?.equals(content) === true) continue;
          // Written over and then longer, it can't be told from a log that is written to.
          const warnings = on.events.slice(first).flatMap((event) => event.warnings);
          expect(warnings).toContain(
            `${join(on.src, stat.path)} grew while it was being sent; its first ${stat.size} bytes were sent`,
          );
          expect(content.length).toBe(Number(stat.size));
          outcomes.grown += 1;
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
  expect(outcomes.grown).toBeLessThan(outcomes.whole / 20);
});
