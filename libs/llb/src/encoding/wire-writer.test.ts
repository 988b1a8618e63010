import { BinaryReader } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareUtf8, WireWriter } from './wire-writer.js';

test('messages that share buffers stay what they were', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 40 }), (sizes) => {
      const writer = new WireWriter();
      const taken = sizes.map((size, place) => {
        writer.reset();
        const outer = writer.open(1);
        const inner = writer.open(2);
        writer.bytesAlways(3, new Uint8Array(size).fill(place));
        writer.close(inner);
        writer.stringAlways(4, String(place));
        writer.close(outer);
        return writer.take();
      });
      for (const [place, bytes] of taken.entries()) {
        const reader = new BinaryReader(bytes);
        expect(reader.tag()).toEqual([1, 2]);
        const outer = new BinaryReader(reader.bytes());
        expect(reader.pos).toBe(bytes.length);
        expect(outer.tag()).toEqual([2, 2]);
        const inner = new BinaryReader(outer.bytes());
        expect(inner.tag()).toEqual([3, 2]);
        const data = inner.bytes();
        expect(data.length).toBe(sizes[place]);
        expect(data.every((byte) => byte === place)).toBe(true);
        expect(outer.tag()).toEqual([4, 2]);
        expect(outer.string()).toBe(String(place));
      }
    }),
    { numRuns: 30 },
  );
});

test('what was reset is gone', () => {
  const writer = new WireWriter();
  writer.string(1, 'first');
  const first = writer.take();
  writer.string(1, 'given up');
  writer.reset();
  writer.string(1, 'second');
  expect(Buffer.from(writer.take()).toString()).toBe('\n\u0006second');
  expect(Buffer.from(first).toString()).toBe('\n\u0005first');
});

test('numbers of any size', () => {
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(int64, int32, fc.array(int64), (long, short, longs) => {
      const writer = new WireWriter();
      writer.packedInt64(1, [...longs, long]);
      writer.int32Always(2, short);
      const reader = new BinaryReader(writer.take());
      expect(reader.tag()).toEqual([1, 2]);
      const packed = new BinaryReader(reader.bytes());
      for (const value of [...longs, long]) {
        expect(BigInt(packed.int64())).toBe(value);
      }
      expect(reader.tag()).toEqual([2, 0]);
      expect(reader.int32()).toBe(short | 0);
    }),
  );
});

test('texts are ordered by their bytes', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});
