import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameMessage, MessageReader } from './message-reader.js';

test('messages come out as they went in, wherever the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 60 })),
      fc.array(fc.integer({ min: 1, max: 20 })),
      (messages, cuts) => {
        const bytes = Buffer.concat(messages.map((message) => frameMessage(message)));
        const reader = new MessageReader();
        const out: Buffer[] = [];
        let total = 0;
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const length = cuts.length === 0 ? bytes.length : (cuts[i % cuts.length] ?? 1);
          total += reader.push(bytes.subarray(at, at + length), out);
          at += length;
        }
        expect(out.map((message) => [...message])).toEqual(messages.map((message) => [...message]));
        expect(total).toBe(messages.reduce((sum, message) => sum + message.length, 0));
        expect(reader.incomplete).toBe(false);
      },
    ),
  );
});

test('knows that it is within a message', () => {
  const reader = new MessageReader();
  reader.push(Buffer.from([0, 0]), []);
  expect(reader.incomplete).toBe(true);
  reader.push(Buffer.from([0, 0, 2, 1]), []);
  expect(reader.incomplete).toBe(true);
});

test('refuses what is over its limit, before any of it is kept', () => {
  const reader = new MessageReader(10);
  expect(() => reader.push(Buffer.from([0, 0, 0, 0, 11]), [])).toThrow('11 bytes is over the limit of 10');
});

test('refuses compressed messages', () => {
  expect(() => new MessageReader().push(Buffer.from([1, 0, 0, 0, 0]), [])).toThrow('compressed');
});
