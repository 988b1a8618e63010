import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf, parseDigest } from '../names/digest.js';
import { DigestPlaces } from './digest-places.js';

const digest = fc.nat({ max: 400 }).map((number) => digestOf(Buffer.from(`${number}`)));

test('every digest that was added has its place, and no other has one', () => {
  fc.assert(
    fc.property(fc.uniqueArray(digest, { maxLength: 300 }), fc.array(digest, { maxLength: 100 }), (added, others) => {
      const places = new DigestPlaces();
      for (const each of added) {
        expect(places.placeOf(each)).toBeUndefined();
        places.add(each);
      }
      expect(places.digests).toEqual(added);
      expect(added.map((each) => places.placeOf(each))).toEqual(added.map((_, place) => place));
      for (const each of others) {
        const place = added.indexOf(each);
        expect(places.placeOf(each)).toBe(place === -1 ? undefined : place);
      }
    }),
  );
});

test('digests that begin alike are told apart', () => {
  const start = 'a'.repeat(60);
  const alike = Array.from({ length: 100 }, (_, number) => parseDigest(`sha256:${start}${String(1000 + number)}`));
  const places = new DigestPlaces();
  for (const each of alike) places.add(each);
  expect(alike.map((each) => places.placeOf(each))).toEqual(alike.map((_, place) => place));
});
