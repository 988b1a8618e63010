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

test('a long line comes in pieces that show where it was divided, within a chunk and over several', () => {
  for (const chunks of [1, 7]) {
    const splitter = new LineSplitter();
    const text = `${'x'.repeat(3 * LONGEST_LINE + 5)}\nnext`;
    const size = Math.ceil(text.length / chunks);
    const lines: string[] = [];
    for (let at = 0; at < text.length; at += size) lines.push(...splitter.push(bytes(text.slice(at, at + size))));
    expect(lines).toHaveLength(4);
    expect(lines.slice(1).every((line) => line.startsWith('…'))).toBe(true);
    expect(lines.slice(0, -1).every((line) => line.endsWith('…') && line.length <= LONGEST_LINE + 2)).toBe(true);
    expect(lines.join('').replaceAll('…', '')).toBe('x'.repeat(3 * LONGEST_LINE + 5));
    expect(splitter.end()).toEqual(['next']);
  }
});

test('a character of two units is not divided', () => {
  const [piece] = new LineSplitter().push(bytes(`${'x'.repeat(LONGEST_LINE - 1)}😀 and more\n`));
  expect(piece).toBe(`${'x'.repeat(LONGEST_LINE - 1)}…`);
});

test('invalid bytes become replacement characters', () => {
  expect(new LineSplitter().push(Buffer.from([0xff, 0x41, 0x0a]))).toEqual(['\ufffdA']);
});

test('a tail keeps the last lines and counts all', () => {
  const tail = new Tail({ lines: 3, characters: 100 });
  for (let index = 0; index < 1000; index += 1) tail.push(`line ${index}`);
  expect(tail.lines).toEqual(['line 997', 'line 998', 'line 999']);
  expect(tail.total).toBe(1000);
});

test('a tail keeps no more characters than it may, but always the last line; what it forgets still counts', () => {
  const tail = new Tail({ lines: 100, characters: 50 });
  for (let index = 10; index < 99; index += 1) tail.push(`${index}${'x'.repeat(18)}`);
  expect(tail.lines.map((line) => line.slice(0, 2))).toEqual(['97', '98']);
  tail.push('y'.repeat(80));
  expect(tail.lines).toEqual(['y'.repeat(80)]);
  tail.forget();
  expect(tail.lines).toEqual([]);
  expect(tail.total).toBe(90);
});
