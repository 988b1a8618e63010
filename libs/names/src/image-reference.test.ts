import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizeImageReference, readImageReference } from './index.js';

const sha = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each([
  ['alpine', 'docker.io/library/alpine:latest'],
  ['alpine:3.18', 'docker.io/library/alpine:3.18'],
  [`alpine@${sha}`, `docker.io/library/alpine@${sha}`],
  [`alpine:3.18@${sha}`, `docker.io/library/alpine:3.18@${sha}`],
  ['docker.io/alpine', 'docker.io/library/alpine:latest'],
  ['index.docker.io/alpine', 'docker.io/library/alpine:latest'],
  ['index.docker.io/moby/buildkit', 'docker.io/moby/buildkit:latest'],
  ['moby/buildkit:v0.32', 'docker.io/moby/buildkit:v0.32'],
  ['localhost/a', 'localhost/a:latest'],
  ['localhost:5000/a/b:c', 'localhost:5000/a/b:c'],
  ['ghcr.io/a/b', 'ghcr.io/a/b:latest'],
  ['Host/a', 'Host/a:latest'],
  ['[::1]:5000/a', '[::1]:5000/a:latest'],
  ['a.b/c__d/e-f---g', 'a.b/c__d/e-f---g:latest'],
  ['a:T_a.g-1', 'docker.io/library/a:T_a.g-1'],
  ['foo:5000', 'docker.io/library/foo:5000'],
])('%s is %s', (text, normal) => {
  expect(normalizeImageReference(text)).toBe(normal);
  expect(normalizeImageReference(normal)).toBe(normal);
});

test('the parts', () => {
  expect(readImageReference(`localhost:5000/a/b:c@${sha}`)).toEqual({
    kind: 'reference',
    reference: { domain: 'localhost:5000', path: 'a/b', tag: 'c', digest: sha },
  });
  expect(readImageReference('alpine')).toEqual({
    kind: 'reference',
    reference: { domain: 'docker.io', path: 'library/alpine' },
  });
});

describe('no reference', () => {
  test.each([
    '',
    'Not A Ref!',
    'Alpine',
    'a//b',
    'a/',
    '/a',
    'a:',
    'a@',
    'a_.b',
    '-a',
    `a:${'t'.repeat(129)}`,
    'a:-t',
    'a@sha256:abc',
    `a@sha256:${'A'.repeat(64)}`,
    `a@md5:${'0'.repeat(32)}`,
    '0123456789abcdef'.repeat(4),
    'ghcr.io/A',
    `ghcr.io/${'a'.repeat(256)}`,
    'a b',
    'a\n',
    'https://a/b',
    'a..b',
    'a:-x',
  ])('%j', (text) => {
    expect(normalizeImageReference(text)).toBeUndefined();
    expect(readImageReference(text)).toEqual({ kind: 'problem', problem: expect.stringMatching(/./) });
  });

  test('whatever the text, it is a reference or has a problem', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z0-9:@/._-]{0,20}$/)), (text) => {
        const normal = normalizeImageReference(text);
        if (normal !== undefined) expect(normalizeImageReference(normal)).toBe(normal);
      }),
    );
  });
});
