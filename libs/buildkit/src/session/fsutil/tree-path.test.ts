import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePath } from './path-text.js';
import { compareNames, OrderValidator } from './tree-path.js';

test('names compare as their bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-composite' }), fc.string({ unit: 'grapheme-composite' }), (a, b) => {
      expect(Math.sign(compareNames(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ maxLength: 8 }), (a, b) => {
      const order = compareNames(decodePath(Buffer.from(a)), decodePath(Buffer.from(b)));
      expect(Math.sign(order)).toBe(Buffer.compare(a, b));
    }),
    { numRuns: 2000 },
  );
  expect(compareNames('\u{1f600}', '\uffff')).toBeGreaterThan(0);
  expect(compareNames('\uffff', '\u{1f600}')).toBeLessThan(0);
});

const DIRECTORY = 2 ** 31 + 0o755;
const LINK = 2 ** 27 + 0o777;

function check(entries: readonly (string | [string, number])[]): void {
  const order = new OrderValidator();
  for (const entry of entries) {
    const [path, mode] = typeof entry === 'string' ? [entry, entry.endsWith('/') ? DIRECTORY : 0o644] : entry;
    order.check({
      path: path.endsWith('/') && path.length > 1 && mode === DIRECTORY ? path.slice(0, -1) : path,
      mode,
      size: 0n,
      modTime: 0n,
      linkname: '',
      xattrs: [],
      devMajor: 0,
      devMinor: 0,
    });
  }
}

test('takes what a walk gives', () => {
  expect(() => check(['a/', 'a/b/', 'a/b/c', 'a/d', 'a-b', 'ab', 'z/', 'z/a/', 'z/a/x', 'z/b'])).not.toThrow();
});

test.each<[string, readonly (string | [string, number])[], string]>([
  ['parent escape', ['../x'], 'unsafe-path'],
  ['escape in the middle', ['a/', 'a/../../x'], 'unsafe-path'],
  ['absolute', ['/etc/passwd'], 'unsafe-path'],
  ['dot', ['.'], 'unsafe-path'],
  ['empty', [''], 'unsafe-path'],
  ['unclean', ['a/', ['a//b', 0o644]], 'unsafe-path'],
  ['slash at the end', [['a/', 0o644]], 'unsafe-path'],
  ['NUL', ['a\0b'], 'unsafe-path'],
  ['through a link', [['a', LINK], 'a/b'], 'unsafe-path'],
  ['through a file', ['a', 'a/b'], 'unsafe-path'],
  ['through nothing', ['a/b'], 'unsafe-path'],
  ['into a directory that was left', ['a/', 'a/x', 'b', 'a/y'], 'unsafe-path'],
  ['twice', ['a', 'a'], 'protocol'],
  ['descending', ['b', 'a'], 'protocol'],
  ['directory twice', ['a/', 'a/'], 'protocol'],
  ['link and then directory of the same name', [['a', LINK], 'a/'], 'protocol'],
])('refuses: %s', (_name, entries, code) => {
  expect(() => check(entries)).toThrow(expect.objectContaining({ code }));
});
