import { expect, test } from 'vitest';
import { installedPackages } from './dpkg-status.js';

test('what is installed stays; what it needs, and every other field, goes', () => {
  const status = [
    'Package: libc6',
    'Status: install ok installed',
    'Architecture: amd64',
    'Multi-Arch: same',
    'Version: 2.36-9',
    'Depends: libgcc-s1,',
    ' libcrypt1',
    'Description: GNU C Library',
    ' Version: of a description',
    '',
    'Package: mawk',
    'Version: 1.3',
    'Provides: awk',
    'Conffiles:',
    ' /etc/mawk 0',
    '',
  ];
  expect(installedPackages(status.join('\n')).split('\n')).toEqual([
    'Package: libc6',
    'Status: install ok installed',
    'Architecture: amd64',
    'Multi-Arch: same',
    'Version: 2.36-9',
    '',
    'Package: mawk',
    'Version: 1.3',
    'Provides: awk',
    '',
  ]);
});
