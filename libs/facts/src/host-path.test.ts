import { expect, test } from 'vitest';
import { hostPath } from './host-path.js';

const origin = { base: 'sub', cwd: '/work', home: '/home/dev' };

test.each([
  ['x', '/work/sub/x'],
  ['../x', '/work/x'],
  ['.', '/work/sub'],
  ['', '/work/sub'],
  ['/etc/../x/', '/x'],
  ['~', '/home/dev'],
  ['~/x', '/home/dev/x'],
  ['~dev/x', undefined],
  ['a~', '/work/sub/a~'],
])('%s means %s', (path, absolute) => {
  expect(hostPath(path, origin)).toBe(absolute);
});

test('an absolute base', () => {
  expect(hostPath('x', { ...origin, base: '/modules/a' })).toBe('/modules/a/x');
});
