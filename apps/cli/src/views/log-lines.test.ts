import { expect, test } from 'vitest';
import { LineSplitter, LONGEST_LINE, Tail } from './log-lines.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);

test('chunks that are cut anywhere become lines', () => {
  const splitter = new LineSplitter();
  expect(splitter.push(bytes('one\ntw'))).toEqual(['one']);
  expect(splitter.push(bytes('o\n\nthree'))).toEqual(['two', '']);
  expect(splitter.end()).toEqual(['three']);
  expect(splitter.end()).toEqual([]);
});

test('a character that is cut between chunks is put together', () => {
  const splitter = new LineSplitter();
  const euro = bytes('€\n');
  expect(splitter.push(euro.subarray(0, 1))).toEqual([]);
  expect(splitter.push(euro.subarray(1))).toEqual(['€']);
});

test('a line without an end comes in pieces', () => {
  const splitter = new LineSplitter();
  const lines = splitter.push(bytes('x'.repeat(3 * LONGEST_LINE + 5)));
  expect(lines.map((line) => line.length)).toEqual([LONGEST_LINE, LONGEST_LINE, LONGEST_LINE]);
  expect(splitter.end()).toEqual(['xxxxx']);
});

test('invalid bytes become replacement characters', () => {
  expect(new LineSplitter().push(Buffer.from([0xff, 0x41, 0x0a]))).toEqual(['\ufffdA']);
});

test('a tail keeps the last lines and counts all', () => {
  const tail = new Tail(3);
  for (let index = 0; index < 1000; index += 1) tail.push(`line ${index}`);
  expect(tail.lines).toEqual(['line 997', 'line 998', 'line 999']);
  expect(tail.total).toBe(1000);
});
