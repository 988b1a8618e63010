import { describe, expect, test } from 'vitest';
import { normalizeImageReference, parseImageReference } from './image-reference.js';

const hex = 'a'.repeat(64);

describe('image references', () => {
  test.each([
    ['alpine', 'docker.io/library/alpine:latest'],
    ['alpine:3.20', 'docker.io/library/alpine:3.20'],
    ['acme/base', 'docker.io/acme/base:latest'],
    ['index.docker.io/alpine', 'docker.io/library/alpine:latest'],
    ['docker.io/acme/base:1', 'docker.io/acme/base:1'],
    ['localhost/x', 'localhost/x:latest'],
    ['localhost:5000/x/y:z', 'localhost:5000/x/y:z'],
    ['[::1]:5000/x', '[::1]:5000/x:latest'],
    ['ACME/x', 'ACME/x:latest'],
    ['ghcr.io/a/b__c/d-e.f', 'ghcr.io/a/b__c/d-e.f:latest'],
    [`alpine@sha256:${hex}`, `docker.io/library/alpine@sha256:${hex}`],
    [`alpine:3@sha256:${hex}`, `docker.io/library/alpine:3@sha256:${hex}`],
  ])('%s is %s', (text, full) => {
    expect(normalizeImageReference(text)).toBe(full);
  });

  test.each([
    '',
    'Alpine',
    'alpine:',
    'alpine@',
    'alpine@sha256:abc',
    'a//b',
    '/a',
    'a/',
    hex,
    'a b',
    'a..b',
    `x${'y'.repeat(256)}`,
    'alpine:-x',
  ])('%s is none', (text) => {
    expect(normalizeImageReference(text)).toBeUndefined();
  });

  test('parts', () => {
    expect(parseImageReference('localhost:5000/a/b:c')).toEqual({
      domain: 'localhost:5000',
      path: 'a/b',
      tag: 'c',
      digest: undefined,
    });
  });
});
