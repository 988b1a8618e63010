import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ReceivedFile, type ReceivingPlace } from './received-file.js';

const announced = { id: 0, path: 'f', mode: 0o640, size: 6, modTime: 1_700_000_000_000_000_000n };

let place: ReceivingPlace;

beforeEach(() => {
  place = { folder: mkdtempSync(join(tmpdir(), 'received-')), destination: 'destination', xattrs: undefined };
});

afterEach(() => rmSync(place.folder, { recursive: true }));

const openFiles = (): number => readdirSync('/proc/self/fd').length;

test('a file is written as it comes, and then has its mode and time', () => {
  const before = openFiles();
  const file = new ReceivedFile(place, announced);
  const path = join(place.folder, 'f');
  file.append(Buffer.from('abc'));
  expect(readFileSync(path, 'utf8')).toBe('abc');
  expect(lstatSync(path).mode & 0o777).toBe(0o600);
  file.append(Buffer.from('def'));
  file.finish();
  expect(readFileSync(path, 'utf8')).toBe('abcdef');
  expect(lstatSync(path, { bigint: true })).toMatchObject({ mtimeNs: announced.modTime, mode: 0o100640n });
  expect(openFiles()).toBe(before);
});

test('an empty file is made when it ends', () => {
  new ReceivedFile(place, { ...announced, size: 0 }).finish();
  expect(lstatSync(join(place.folder, 'f')).size).toBe(0);
});

test('one that is given up is closed', () => {
  const before = openFiles();
  const file = new ReceivedFile(place, announced);
  file.append(Buffer.from('abc'));
  expect(openFiles()).toBe(before + 1);
  expect(() => file.finish()).toThrow('announced 6 bytes of f and sent 3');
  file.abandon();
  file.abandon();
  expect(openFiles()).toBe(before);
});

test('more than was announced, and a name that is there, are errors that name the file', () => {
  const file = new ReceivedFile(place, announced);
  file.append(Buffer.from('abcdef'));
  expect(() => file.append(Buffer.from('g'))).toThrow('announced 6 bytes of f and sent 7');
  file.abandon();
  const other = new ReceivedFile(place, announced);
  expect(() => other.append(Buffer.from('a'))).toThrow('destination/f has the same name as another entry');
});
