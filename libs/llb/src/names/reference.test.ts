import { expect, test } from 'vitest';
import { InvalidReferenceError, normalizeReference, parseReference } from './reference.js';

test('the whole name of an image', () => {
  expect(normalizeReference('alpine')).toBe('docker.io/library/alpine:latest');
  expect(parseReference('localhost:5000/a')).toEqual({ domain: 'localhost:5000', path: 'a' });
});

test('a text that names none is an error with the text and the reason', () => {
  const error = expect.objectContaining({ text: 'Alpine', reason: 'capital letters are not allowed in it' });
  expect(() => parseReference('Alpine')).toThrow(error);
  expect(() => normalizeReference('a//b')).toThrow(InvalidReferenceError);
});
