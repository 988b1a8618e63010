import { DiffOp, PassthroughOp, Source, Ulimit } from '@hlb/proto/llb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareUtf8 } from './utf8-order.js';
import { WireWriter } from './wire-writer.js';

test('messages that share buffers stay what they were', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 40 }), (sizes) => {
      const writer = new WireWriter();
      const taken = sizes.map((size, place) => {
        writer.reset();
        const info = writer.open(2);
        writer.bytesAlways(2, new Uint8Array(size).fill(place));
        writer.stringAlways(4, String(place));
        writer.close(info);
        return writer.take();
      });
      for (const [place, bytes] of taken.entries()) {
        const [info] = Source.decode(bytes).infos;
        expect(info?.data.length).toBe(sizes[place]);
        expect(info?.data.every((byte) => byte === place)).toBe(true);
        expect(info?.language).toBe(String(place));
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
  fc.assert(
    fc.property(int64, fc.array(int64), (long, longs) => {
      const writer = new WireWriter();
      writer.packedInt64(2, longs);
      expect(PassthroughOp.decode(writer.take()).outputs).toEqual(longs);
      writer.int64(3, long);
      expect(Ulimit.decode(writer.take()).Hard).toBe(long);
    }),
  );
});

test('an empty message is written, as is one whose fields are all zero', () => {
  const writer = new WireWriter();
  const place = writer.open(1);
  writer.int64(1, 0n);
  writer.close(place);
  expect(DiffOp.decode(writer.take())).toEqual({ lower: { input: 0n }, upper: undefined });
});

test('texts are ordered by their bytes', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});
