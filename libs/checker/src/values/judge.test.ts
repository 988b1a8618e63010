import { sourceFile, span } from '@hlb/diagnostics';
import { describe, expect, test } from 'vitest';
import type { ValueFormat } from './format.js';
import { judgeValue } from './judge.js';

const at = span(sourceFile('build.hlb', '"x"'), 0, 3);

function problem(format: ValueFormat, text: string): string | undefined {
  const found = judgeValue(format, text, at);
  return found === undefined ? undefined : `${found.code} ${found.labels[0]?.message}`;
}

const hex = '0123456789abcdef'.repeat(4);

describe('a value', () => {
  test.each<[ValueFormat, string]>([
    ['image-reference', 'alpine'],
    ['image-reference', 'localhost:5000/team/app:1.0'],
    ['image-reference', `ghcr.io/a/b__c/d-e@sha256:${hex}`],
    ['image-reference', '[::1]:5000/app'],
    ['digest', `sha256:${hex}`],
    ['digest', `sha512:${hex}${hex}`],
    ['time', '2024-02-29T23:59:59.5+02:00'],
    ['ip-address', '10.0.0.7'],
    ['ip-address', '::ffff:1.2.3.4'],
    ['http-url', 'HTTP://example.org/a?b=c'],
    ['forward-url', 'unix:///var/run/docker.sock'],
    ['forward-url', 'tcp://localhost:5432'],
    ['network-mode', 'none'],
    ['security-mode', 'sandbox'],
    ['sharing-mode', 'locked'],
  ])('as %s may be %s', (format, text) => {
    expect(problem(format, text)).toBeUndefined();
  });

  test.each<[ValueFormat, string, string]>([
    ['image-reference', '', 'HLB0504 nothing is here'],
    ['image-reference', 'a b', 'HLB0504 it contains blanks'],
    ['image-reference', 'Alpine', 'HLB0504 capital letters are not allowed in it'],
    ['image-reference', 'a//b', 'HLB0504 a part between two slashes is empty'],
    ['image-reference', 'alpine:', 'HLB0504 its tag is empty'],
    ['image-reference', 'alpine:a/b:c d', 'HLB0504 it contains blanks'],
    ['image-reference', hex, 'HLB0504 it looks like the id of an image, which no registry knows'],
    ['image-reference', 'a_.b/c', 'HLB0504 `a_.b` is no name of a host'],
    ['image-reference', 'a@sha256:1', 'HLB0504 its digest is wrong: `sha256` has 64 digits, here are 1'],
    ['image-reference', 'a'.repeat(256), 'HLB0504 it is longer than 255 characters'],
    ['digest', hex, 'HLB0508 it must be an algorithm, a colon and hexadecimal digits'],
    ['digest', 'md5:1', 'HLB0508 `md5` is no known algorithm'],
    ['digest', 'constructor:1', 'HLB0508 `constructor` is no known algorithm'],
    [
      'digest',
      `sha256:${hex.toUpperCase()}`,
      'HLB0508 only the digits `0` to `9` and the letters `a` to `f` may follow the colon',
    ],
    ['time', 'yesterday', 'HLB0510 it must be written like `2024-05-31T12:00:00Z`'],
    ['time', '2023-02-29T00:00:00Z', 'HLB0510 month 2 of 2023 has no day 29'],
    ['time', '2023-13-01T00:00:00Z', 'HLB0510 there is no month 13'],
    ['time', '2023-12-01T24:00:00Z', 'HLB0510 it is no time of a day'],
    ['time', '2023-12-01T00:00:00+25:00', 'HLB0510 its distance from UTC is too large'],
    ['ip-address', '10.0.0.999', 'HLB0509 `999` is more than 255'],
    ['ip-address', '10.0.0.07', 'HLB0509 `07` begins with a zero'],
    ['ip-address', 'db.example.org', 'HLB0509 it is a name, not an address'],
    ['ip-address', 'fe80::1%eth0', 'HLB0509 it is neither IPv4 nor IPv6'],
    ['http-url', 'ftp://example.org', 'HLB0525 it must begin with `https://` or `http://`'],
    ['http-url', 'https:///x', 'HLB0525 it names no host'],
    ['forward-url', '/var/run/docker.sock', 'HLB0517 it must begin with `unix://` or `tcp://`'],
    ['network-mode', 'hots', 'HLB0505 did you mean `host`?'],
    ['security-mode', 'wide-open', 'HLB0506 must be one of `sandbox`, `insecure`'],
    ['sharing-mode', 'privat', 'HLB0507 did you mean `private`?'],
  ])('as %s may not be %s', (format, text, wanted) => {
    expect(problem(format, text)).toBe(wanted);
  });

  test('is judged at its place, with the calls that led there', () => {
    const found = judgeValue('digest', 'x', at, { frames: [at] });
    expect(found?.labels.map((label) => label.span)).toEqual([at]);
    expect(found?.frames).toEqual([at]);
  });
});
