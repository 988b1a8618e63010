import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FramingError, frameMessage, MAX_MESSAGE_BYTES, MessageReader, messagePrefix } from './framing.js';

test('messages come out as they went in, however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 12 }),
      fc.array(fc.nat({ max: 30 }), { maxLength: 60 }),
      (messages, cuts) => {
        let rest = Buffer.concat(messages.map((message) => frameMessage(message)));
        const reader = new MessageReader();
        const read: Buffer[] = [];
        for (const cut of cuts) {
          read.push(...reader.push(rest.subarray(0, cut)));
          rest = rest.subarray(cut);
        }
        read.push(...reader.push(rest));
        expect(read.map((message) => Buffer.from(message).toString('hex'))).toEqual(
          messages.map((message) => Buffer.from(message).toString('hex')),
        );
        expect(reader.incomplete).toBe(false);
      },
    ),
  );
});

test('a stream that ends within a message is incomplete, in its prefix and in its body', () => {
  for (const length of [1, 4, 5, 7]) {
    const reader = new MessageReader();
    expect(reader.push(frameMessage(Buffer.from('hello')).subarray(0, length))).toEqual([]);
    expect(reader.incomplete).toBe(true);
  }
});

test('messages over the limit are refused in both directions, before they are held', () => {
  expect(() => messagePrefix(MAX_MESSAGE_BYTES + 1)).toThrow(FramingError);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(MAX_MESSAGE_BYTES + 1, 1);
  expect(() => new MessageReader().push(prefix)).toThrow(/limit/);
  expect(() => new MessageReader(10).push(Buffer.from([0, 0, 0, 0, 11]))).toThrow('11 bytes came in; the limit is 10');
});

test('a compressed message is refused', () => {
  expect(() => new MessageReader().push(Buffer.from([1, 0, 0, 0, 0]))).toThrow(/compressed/);
});
