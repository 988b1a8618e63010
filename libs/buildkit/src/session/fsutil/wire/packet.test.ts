import { Packet, Stat } from '@hlb/proto/fsutil';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goModeOfUnix, kindOfGoMode, unixPermissions } from './go-mode.js';
import {
  dataHeaderLength,
  decodePacket,
  decodeStat,
  errPacket,
  finPacket,
  REQUEST_BOUND,
  statPacketBound,
  writeDataHeader,
  writeEndOfList,
  writeRequest,
  writeStatPacket,
} from './packet.js';

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const stats = fc.record({
  path: fc.string({ unit: 'grapheme', maxLength: 300 }),
  mode: uint32,
  size: int64,
  modTime: int64,
  linkname: fc.string({ unit: 'grapheme', maxLength: 20 }),
  devMajor: uint32,
  devMinor: uint32,
  xattrs: fc.uniqueArray(
    fc.record({
      name: fc.string({ unit: 'grapheme', maxLength: 255 }),
      value: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    }),
    { selector: ({ name }) => name, maxLength: 3 },
  ),
});

function unframe(buffer: Buffer, end: number): Buffer {
  expect(buffer[0]).toBe(0);
  expect(buffer.readUInt32BE(1)).toBe(end - 5);
  return buffer.subarray(5, end);
}

test('STAT packets are what the generated code reads, and the other way round', () => {
  fc.assert(
    fc.property(stats, (stat) => {
      const buffer = Buffer.alloc(statPacketBound(stat));
      const message = unframe(buffer, writeStatPacket(buffer, 0, stat));
      const read = Packet.decode(message);
      expect(read.type).toBe(0);
      expect(read.stat).toMatchObject({
        path: stat.path,
        mode: stat.mode,
        uid: 0,
        gid: 0,
        size: stat.size,
        modTime: stat.modTime,
        linkname: stat.linkname,
        xattrs: new Map(stat.xattrs.map(({ name, value }) => [name, value])),
      });
      const { devMajor, devMinor, xattrs, ...rest } = stat;
      const written = Stat.encode(
        Stat.fromPartial({
          ...rest,
          xattrs: new Map(xattrs.map(({ name, value }) => [name, value])),
          devmajor: BigInt(devMajor),
          devminor: BigInt(devMinor),
          uid: 7,
          gid: 8,
        }),
      ).finish();
      expect(decodeStat(Buffer.from(written))).toEqual(stat);
    }),
    { numRuns: 1000 },
  );
});

test('the other packets', () => {
  fc.assert(
    fc.property(uint32, fc.uint8Array({ maxLength: 20_000 }), (id, data) => {
      const buffer = Buffer.alloc(REQUEST_BOUND + data.length + 40);
      expect(Packet.decode(unframe(buffer, writeRequest(buffer, 0, id)))).toMatchObject({ type: 1, ID: id });
      const header = writeDataHeader(buffer, 0, id, data.length);
      expect(header).toBe(dataHeaderLength(id, data.length));
      buffer.set(data, header);
      const read = Packet.decode(unframe(buffer, header + data.length));
      expect(read).toMatchObject({ type: 2, ID: id });
      expect(Buffer.from(read.data).equals(data)).toBe(true);
    }),
  );
  const buffer = Buffer.alloc(16);
  expect(Packet.decode(unframe(buffer, writeEndOfList(buffer, 0)))).toMatchObject({ type: 0, stat: undefined });
  expect(Packet.decode(finPacket()).type).toBe(3);
  expect(Packet.decode(errPacket('ä'.repeat(200)))).toMatchObject({ type: 4 });
  expect(Buffer.from(Packet.decode(errPacket('ä'.repeat(200))).data).toString()).toBe('ä'.repeat(200));
});

test('reads packets of the generated code, unknown fields and all', () => {
  const message = Packet.encode(Packet.fromPartial({ type: 2, ID: 4_000_000_000, data: Buffer.from('x') })).finish();
  const padded = Buffer.concat([
    message,
    Buffer.from([0x7a, 1, 0, 0x7d, 1, 2, 3, 4, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x78, 5]),
  ]);
  expect(decodePacket(padded)).toMatchObject({ type: 2, id: 4_000_000_000, data: Buffer.from('x') });
});

test('any bytes are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        const { stat } = decodePacket(Buffer.from(bytes));
        if (stat) decodeStat(stat);
      } catch (error) {
        expect(error).toMatchObject({ name: expect.stringMatching(/^(Grpc|Transfer)Error$/) });
      }
    }),
    { numRuns: 3000 },
  );
});

test('names that are not UTF-8 keep their bytes', () => {
  const stat = { ...decodeStat(Buffer.from([0x0a, 2, 0x61, 0xff])), linkname: '\udc80' };
  expect(stat.path).toBe('a\udcff');
  const buffer = Buffer.alloc(statPacketBound(stat));
  const { stat: encoded } = decodePacket(unframe(buffer, writeStatPacket(buffer, 0, stat)));
  expect(encoded).toEqual(Buffer.from([0x0a, 2, 0x61, 0xff, 0x3a, 1, 0x80]));
  expect(decodeStat(Buffer.from([0x0a, 3, 0xef, 0xbf, 0xbd])).path).toBe('\ufffd');
});

test.each([
  [0o100644, 0o644, 'file'],
  [0o104755, 0o755 + 2 ** 23, 'file'],
  [0o041777, 2 ** 31 + 2 ** 20 + 0o777, 'directory'],
  [0o120755, 2 ** 27 + 0o777, 'symlink'],
  [0o010600, 2 ** 25 + 0o600, 'fifo'],
  [0o060660, 2 ** 26 + 0o660, 'block-device'],
  [0o020666, 2 ** 26 + 2 ** 21 + 0o666, 'char-device'],
  [0o140777, 0o777, 'file'],
  [0o102755, 0o755 + 2 ** 22, 'file'],
] as const)('mode %o', (unix, go, kind) => {
  expect(goModeOfUnix(unix)).toBe(go);
  expect(kindOfGoMode(go)).toBe(kind);
  if (kind !== 'symlink') expect(unixPermissions(go)).toBe(unix & 0o7777);
});
