import { expect, test } from 'vitest';
import { Metadata } from './metadata.js';

test('repeated keys stay separate, commas and all', () => {
  const metadata = new Metadata([':path', '/x', 'include-patterns', 'a,b', 'Include-Patterns', 'c, d']);
  expect(metadata.getAll('include-patterns')).toEqual(['a,b', 'c, d']);
  expect(metadata.get('include-patterns')).toBe('a,b');
  expect(metadata.get(':path')).toBeUndefined();
});

test('values are unescaped only where the engine says so', () => {
  const encoded = new Metadata(['k', 'a%2Bb+c%C3%A4', 'k', 'plain', 'k-encoded', '1']);
  expect(encoded.getAllDecoded('k')).toEqual(['a+b cä', 'plain']);
  const literal = new Metadata(['k', 'a%2Bb+c']);
  expect(literal.getAllDecoded('k')).toEqual(['a%2Bb+c']);
});

test('what cannot be unescaped stays', () => {
  expect(new Metadata(['k', '100%', 'k-encoded', '1']).getAllDecoded('k')).toEqual(['100%']);
});

test('old engines send UTF-8 as it is', () => {
  const raw = Buffer.from('grün', 'utf8').toString('latin1');
  expect(new Metadata(['k', raw]).get('k')).toBe('grün');
});
