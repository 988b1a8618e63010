import { describe, expect, test } from 'vitest';
import { gitIdentifier, InvalidGitRemoteError, parseGitRemote } from './git-remote.js';

test.each([
  ['https://github.com/moby/buildkit.git', 'https', 'github.com', 'https://github.com/moby/buildkit.git'],
  ['github.com/moby/buildkit', 'https', 'github.com', 'https://github.com/moby/buildkit'],
  ['HTTPS://github.com/a', 'https', 'github.com', 'https://github.com/a'],
  ['http://u:p@h:8080/a?x=1#main:sub', 'http', 'h:8080', 'http://u:p@h:8080/a'],
  ['git://h/a', 'git', 'h', 'git://h/a'],
  ['ssh://git@h:2222/a/b.git', 'ssh', 'h:2222', 'ssh://git@h:2222/a/b.git'],
  ['git@github.com:moby/buildkit.git', 'ssh', 'github.com', 'git@github.com:moby/buildkit.git'],
  ['git@h:a?x=1#main', 'ssh', 'h', 'git@h:a'],
  ['https://[::1]:8/a', 'https', '[::1]:8', 'https://[::1]:8/a'],
])('%s', (text, scheme, host, url) => {
  expect(parseGitRemote(text)).toMatchObject({ scheme, host, url });
});

test('the fragment is kept apart', () => {
  expect(parseGitRemote('https://h/a#main:sub').fragment).toBe('main:sub');
  expect(parseGitRemote('git@h:a#v1').fragment).toBe('v1');
  expect(parseGitRemote('h/a').fragment).toBe('');
});

test.each(['ftp://h/a', 'file:///a', 'https://h:port/a', 'https://a b/c', 'https://h/%zz'])('%s is none', (text) => {
  expect(() => parseGitRemote(text)).toThrow(InvalidGitRemoteError);
});

describe('the identifier', () => {
  const identifier = (remote: string, ref = '', subdir = ''): string =>
    gitIdentifier(parseGitRemote(remote), ref, subdir);

  test('is the same for all ways to a repository', () => {
    const ways = [
      'https://h/a/b.git',
      'ssh://git@h/a/b.git',
      'git@h:a/b.git',
      'https://u:p@h//a/./b.git/',
      'h/a/b.git',
    ];
    expect(new Set(ways.map((way) => identifier(way)))).toEqual(new Set(['h/a/b.git']));
  });

  test('has ref and subdirectory as far as given', () => {
    expect(identifier('https://h/a', 'v1')).toBe('h/a#v1');
    expect(identifier('https://h/a', 'v1', 'sub')).toBe('h/a#v1:sub');
    expect(identifier('https://h/a', '', 'sub')).toBe('h/a#:sub');
    expect(identifier('https://h/a%20b#dropped')).toBe('h/a b');
  });
});

test('what a remote holds of an account is in no name that others see', () => {
  const remote = parseGitRemote('https://user:password@github.com/a/b.git');
  expect(gitIdentifier(remote, 'v1', 'sub')).toBe('github.com/a/b.git#v1:sub');
});
