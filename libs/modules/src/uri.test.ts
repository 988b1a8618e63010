import { describe, expect, test } from 'vitest';
import { parseModuleLocation } from './uri.js';

describe('texts of imports', () => {
  test.each([
    ['kit.hlb', 'kit.hlb'],
    ['./lib/../kit.hlb', './lib/../kit.hlb'],
    ['/abs/kit.hlb', '/abs/kit.hlb'],
    ['~/kit.hlb', '~/kit.hlb'],
    ['a b#c?d%20:e.hlb', 'a b#c?d%20:e.hlb'],
    ['c:kit.hlb', 'c:kit.hlb'],
    ['file:///abs/kit.hlb', '/abs/kit.hlb'],
    ['file://lib/my%20kit.hlb', 'lib/my kit.hlb'],
    ['', ''],
  ])('%j is the path %j', (text, path) => {
    expect(parseModuleLocation(text)).toEqual({ kind: 'path', path });
  });

  test.each([
    ['git://h.example/a/b', 'any', 'git', 'h.example', '/a/b', '', 'build.hlb'],
    ['git://h.example/a/b@x@y:/c/d', 'any', 'git', 'h.example', '/a/b', 'x@y', '/c/d'],
    ['git+ssh://u@h.example:22/~v/r.git@main:f', 'ssh', 'u', 'h.example:22', '/~v/r.git', 'main', 'f'],
    ['git+https://h.example/a%20b', 'https', 'git', 'h.example', '/a b', '', 'build.hlb'],
    ['git://h.example/a:', 'any', 'git', 'h.example', '/a', '', 'build.hlb'],
    ['GIT://[::1]:9418/a', 'any', 'git', '[::1]:9418', '/a', '', 'build.hlb'],
  ])('%s', (text, transport, user, host, path, ref, file) => {
    expect(parseModuleLocation(text)).toEqual({ kind: 'git', transport, user, host, path, ref, file });
  });

  test.each([
    ['ftp://example.org/kit.hlb', /ftp:\/\/ is no way/],
    ['sha256://aa', /sha256:\/\/ is no way/],
    ['constructor://x/y', /constructor:\/\/ is no way/],
    ['git://', /"" is no host/],
    ['git://a b/c', /"a b" is no host/],
    ['git://h.example', /names no repository/],
    ['git://h.example/@main', /names no repository/],
    ['git://h.example/%zz', /no escape/],
    ['file:///%', /no escape/],
  ])('%s is refused', (text, reason) => {
    const location = parseModuleLocation(text);
    expect(location).toMatchObject({ kind: 'invalid', reason: expect.stringMatching(reason) });
  });
});
