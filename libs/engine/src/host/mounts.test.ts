import { expect, test } from 'vitest';
import { mountPoints } from './mounts.js';

test('mount points are read with their blanks', () => {
  const mountinfo = '36 35 98:0 / /mnt/a\\040b rw - ext4 /dev/sda rw\n37 36 0:4 / /mnt/a\\040b/c rw - tmpfs t rw\n';
  expect(mountPoints(mountinfo)).toEqual(['/mnt/a b', '/mnt/a b/c']);
});
