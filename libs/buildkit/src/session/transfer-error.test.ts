import { expect, test } from 'vitest';
import { creationError, linkError, systemError } from './transfer-error.js';

const failed = (code: string): Error => Object.assign(new Error(code), { code });

test('what other file systems answer is told in the same words', () => {
  expect(creationError(failed('EINVAL'), '/out/a:b').message).toBe(
    'cannot create /out/a:b: the file system takes no such name',
  );
  expect(creationError(failed('ENOENT'), '/out/a').message).toBe('cannot create /out/a: does not exist');
  expect(linkError(failed('EPERM'), '/out/l', 'symbolic').message).toContain('has no symbolic links');
  expect(linkError(failed('ENOSPC'), '/out/l', 'hard').message).toContain('no space left');
  expect(systemError(failed('EFBIG'), 'write', '/out/huge')).toMatchObject({
    code: 'no-space',
    message: 'cannot write /out/huge: the file is too large for the file system',
  });
});
