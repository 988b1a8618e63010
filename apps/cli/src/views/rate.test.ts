import { expect, test } from 'vitest';
import { Rate } from './rate.js';

test('a rate is that of the last seconds, however often it is noted', () => {
  const rate = new Rate();
  for (let time = 0; time <= 10_000; time += 10)
    rate.note(time, time < 5000 ? time * 100 : 500_000 + (time - 5000) * 2);
  expect(rate.perSecond(10_000)).toBeGreaterThan(1900);
  expect(rate.perSecond(10_000)).toBeLessThan(2100);
});

test('one sample tells no rate, nor do old ones', () => {
  const rate = new Rate();
  expect(rate.perSecond(0)).toBeUndefined();
  rate.note(0, 5);
  expect(rate.perSecond(100)).toBeUndefined();
  rate.note(1000, 5005);
  expect(rate.perSecond(1000)).toBe(5000);
  expect(rate.perSecond(9000)).toBeUndefined();
});
