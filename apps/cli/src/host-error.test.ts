import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../../../tests/support/cli.js';
import { hostErrorText } from './host-error.js';

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test('errors of the system are said in words, without their calls and codes', async () => {
  const folder = await folderWith({ file: '' });
  const text = (act: () => unknown): string => hostErrorText(thrownBy(act));
  expect(text(() => readFileSync(join(folder, 'lost')))).toBe('there is no such file or directory');
  expect(text(() => readFileSync(join(folder, 'file/x')))).toBe('a part of its path is no directory');
  expect(text(() => writeFileSync(folder, ''))).toBe('it is a directory');
});

test('other errors have their own words', () => {
  expect(hostErrorText(new SyntaxError('no JSON'))).toBe('no JSON');
  expect(hostErrorText(Object.assign(new Error('odd'), { code: 'EODD' }))).toBe('odd');
  expect(hostErrorText('text')).toBe('text');
});
