import { expect, test } from 'vitest';
import { aptError } from './apt-error.js';

const context = { suite: 'trixie', mirror: 'http://deb.debian.org/debian', folder: '/cache/packages' };

test.each([
  ["E: Failed to fetch http://x/InRelease  Temporary failure resolving 'deb.debian.org'", 'no-network'],
  [
    'E: Failed to fetch http://x/InRelease  Could not connect to x:80 (1.2.3.4). - connect (111: Connection refused)',
    'no-network',
  ],
  ['W: Failed to fetch http://x/InRelease  Connection timed out [IP: 1.2.3.4 80]', 'no-network'],
  ["E: The repository 'http://deb.debian.org/debian trixie Release' does not have a Release file.", 'no-suite'],
  ['E: Failed to fetch http://x/dists/trixie/InRelease  404  Not Found [IP: 1.2.3.4 80]', 'no-suite'],
  [
    "W: GPG error: http://x trixie InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 6ED0E7B82643E131",
    'untrusted-packages',
  ],
  ["E: The repository 'http://x trixie InRelease' is not signed.", 'untrusted-packages'],
  ['E: Unable to locate package docker.io', 'no-package'],
  ["E: Package 'docker.io' has no installation candidate", 'no-package'],
  ["E: You don't have enough free space in /cache/packages/apt/archives/.", 'disk-full'],
  ['E: Write error - write (28: No space left on device)', 'disk-full'],
  ['E: Something new', 'packages-failed'],
])('%s', (output, code) => {
  const error = aptError(`Reading package lists...\n${output}\n`, context);
  expect(error.code).toBe(code);
  expect(error.help).not.toBe('');
  expect(error.cause).toMatchObject({ message: output });
});

test('messages name what can be changed', () => {
  expect(aptError('E: Could not resolve host', context).message).toBe(
    "The package source http://deb.debian.org/debian can't be reached.",
  );
  expect(aptError('E: Unable to locate package docker.io', context).message).toBe(
    "The suite trixie at http://deb.debian.org/debian doesn't have a package that is needed: docker.io.",
  );
  expect(aptError('one\ntwo', context).message).toBe("apt could not fetch the engine's packages: two.");
});
