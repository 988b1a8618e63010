import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ReceivedFile, ReceivingPlace } from './received-file.js';

const announced = { id: 0, path: 'f', mode: 0o640, size: 6, modTime: 1_700_000_000_000_000_000n };

test.each<[string, (place: ReceivingPlace) => void]>([
  ['on the spot', () => undefined],
  [
    'while the disk is slow',
    (place) => {
      place.slowUntil = Number.POSITIVE_INFINITY;
    },
  ],
  [
    'when others keep too much in memory',
    (place) => {
      place.kept = 100_000_000;
    },
  ],
])('a small file is written %s', async (_name, prepare) => {
  const folder = mkdtempSync(join(tmpdir(), 'received-'));
  const place = new ReceivingPlace(folder, 'destination');
  prepare(place);
  const { kept } = place;
  const file = new ReceivedFile(place, announced);
  file.append(Buffer.from('abc'));
  file.append(Buffer.from('def'));
  await file.finish();
  expect(readFileSync(join(folder, 'f'), 'utf8')).toBe('abcdef');
  expect(lstatSync(join(folder, 'f'), { bigint: true })).toMatchObject({ mtimeNs: announced.modTime, mode: 0o100640n });
  expect(place.kept).toBe(kept);
  rmSync(folder, { recursive: true });
});

test('one that is given up is closed, whatever it has kept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'received-'));
  const files = readdirSync('/proc/self/fd').length;
  const place = new ReceivingPlace(folder, 'destination');
  const small = new ReceivedFile(place, announced);
  small.append(Buffer.from('abc'));
  const large = new ReceivedFile(place, { ...announced, path: 'g', size: 10_000_000 });
  for (let i = 0; i < 10; i++) large.append(Buffer.alloc(100_000));
  expect(place.kept).toBeGreaterThan(0);
  await small.abandon();
  await large.abandon();
  expect(place.kept).toBe(0);
  expect(readdirSync('/proc/self/fd').length).toBe(files);
  expect(() => small.finish()).toThrow('announced 6 bytes of f and sent 3');
  rmSync(folder, { recursive: true });
});
