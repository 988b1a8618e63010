import { expect, test } from 'vitest';
import { digestOf } from '../names/digest.js';
import { ByOp } from './by-op.js';

const digests = ['a', 'b', 'c'].map((text) => digestOf(Buffer.from(text)));

class Words extends ByOp<string> {
  override at(place: number): string | undefined {
    return ['first', undefined, 'third'][place];
  }
}

const words = new Words({
  digests,
  placeOf(digest) {
    const place = digests.indexOf(digest);
    return place === -1 ? undefined : place;
  },
});

test('what stands beside ops is read as a map of those that have it', () => {
  const [first, second, third] = digests;
  if (first === undefined || second === undefined || third === undefined) throw new Error('there are three');
  const map = new Map([
    [first, 'first'],
    [third, 'third'],
  ]);
  expect([...words]).toEqual([...map]);
  expect([...words.keys()]).toEqual([...map.keys()]);
  expect([...words.values()]).toEqual([...map.values()]);
  expect(words.size).toBe(2);
  expect([words.get(third), words.get(second), words.get(digestOf(Buffer.from('d')))]).toEqual([
    'third',
    undefined,
    undefined,
  ]);
  expect([words.has(first), words.has(second)]).toEqual([true, false]);
  const visited: [string, string][] = [];
  words.forEach((word, digest, all) => {
    visited.push([digest, word]);
    expect(all).toBe(words);
  });
  expect(visited).toEqual([...map]);
});
