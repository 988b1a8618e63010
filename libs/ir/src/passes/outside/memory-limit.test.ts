import { expect, test } from 'vitest';
import { defaultMemoryLimit, memoryText, watchMemory } from './memory-limit.js';

test('the limit is a part of the memory that there is', () => {
  expect(defaultMemoryLimit()).toBeGreaterThan(64 * 2 ** 20);
  expect(defaultMemoryLimit()).toBeLessThanOrEqual(4 * 2 ** 30);
});

test('what is taken beyond it is told once, and only then', async () => {
  let full = 0;
  const kept: Uint8Array[] = [];
  const told = new Promise<void>((resolve) => {
    watchMemory(96 * 2 ** 20, () => {
      full += 1;
      resolve();
    });
  });
  // A timer of the event loop comes after those of the watching that were due before it.
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 120));
  await turn();
  expect(full).toBe(0);
  for (let count = 0; count < 8; count += 1) kept.push(new Uint8Array(32 * 2 ** 20).fill(1));
  await told;
  await turn();
  expect(full).toBe(1);
  expect(kept).toHaveLength(8);
});

test('sizes for people', () => {
  expect([memoryText(64 * 2 ** 20), memoryText(1.5 * 2 ** 30)]).toEqual(['64 MiB', '1.5 GiB']);
});
