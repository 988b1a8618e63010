import { readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TransferOnEngine } from './fixtures/transfer-on-engine.js';
import { tree } from './fixtures/tree-of.js';

const on = new TransferOnEngine();

test('only what has changed is sent again', async () => {
  for (let i = 0; i < 50; i++) writeFileSync(join(on.src, `f${i}`), `content ${i}`);
  on.session.addDirectory({ name: 'src', path: on.src });
  const sent = (): number[] =>
    on.events.filter(({ state, direction }) => state === 'done' && direction === 'send').map(({ files }) => files);
  await on.build(on.local());
  writeFileSync(join(on.src, 'f7'), 'changed');
  rmSync(join(on.src, 'f8'));
  await on.openSession();
  on.session.addDirectory({ name: 'src', path: on.src });
  await on.roundTrip();
  expect(sent()).toEqual([50, 1]);
  expect(tree(on.out)).toEqual(tree(on.src));
});

test.each<[string, number, (file: string) => void]>([
  ['small one that vanishes', 1000, (file) => rmSync(file)],
  ['large one that shrinks', 3_000_000, (file) => truncateSync(file, 1_500_000)],
  ['small one that is written anew', 1000, (file) => writeFileSync(file, Buffer.alloc(1000, 'y'))],
  ['large one that is written anew', 3_000_000, (file) => writeFileSync(file, Buffer.alloc(3_000_000, 'y'))],
])(
  'of files, a %s after it was announced fails the build by name, and the engine keeps nothing of it',
  async (_what, size, change) => {
    const file = join(on.src, 'f');
    writeFileSync(file, Buffer.alloc(size, 'x'));
    utimesSync(file, 1_000_000, 1_000_000);
    on.session.addDirectory({ name: 'src', path: on.src });
    let left = 1;
    const stop = on.session.onDirectory(() => () => {
      if (left-- > 0) change(file);
    });
    await expect(on.build(on.local(), { type: 'local' })).rejects.toThrow(file);
    stop();
    // As it was announced then, with other content: what the engine might have kept would count as the same.
    writeFileSync(file, Buffer.alloc(size, 'z'));
    utimesSync(file, 1_000_000, 1_000_000);
    await on.roundTrip();
    expect(readFileSync(join(on.out, 'f')).equals(Buffer.alloc(size, 'z'))).toBe(true);
  },
);
