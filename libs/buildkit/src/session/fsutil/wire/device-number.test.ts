import { expect, test } from 'vitest';
import { deviceNumber } from './device-number.js';

test.each<[NodeJS.Platform, bigint, number, number]>([
  ['linux', 0x0103n, 1, 3],
  ['linux', 0x1000_0000_032cn, 0x1003, 0x2c],
  ['linux', 0x10_032cn, 3, 0x12c],
  ['linux', 0xffff_f000_0000_0000n | 0xffn, 0xffff_f000, 0xff],
  // `/dev/null` and `/dev/disk1s2` of a Mac.
  ['darwin', 0x0300_0002n, 3, 2],
  ['darwin', 0x0100_0103n, 1, 259],
])('on %s, %i is %i, %i', (platform, device, major, minor) => {
  expect(deviceNumber(device, platform)).toEqual({ major, minor });
});
