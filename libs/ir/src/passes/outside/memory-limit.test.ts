import { expect, onTestFinished, test, vi } from 'vitest';
import { defaultMemoryLimit, memoryText, watchMemory } from './memory-limit.js';

test('the limit is a part of the memory that there is', () => {
  expect(defaultMemoryLimit()).toBeGreaterThan(64 * 2 ** 20);
  expect(defaultMemoryLimit()).toBeLessThanOrEqual(4 * 2 ** 30);
});

test('what is taken beyond it is told once, and only then', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const taken = vi.spyOn(process.memoryUsage, 'rss').mockReturnValue(1000);
  onTestFinished(() => taken.mockRestore());
  const onFull = vi.fn();
  watchMemory(100, onFull);
  const other = vi.fn();
  const end = watchMemory(100, other);
  taken.mockReturnValue(1100);
  vi.advanceTimersByTime(1000);
  expect(onFull).not.toHaveBeenCalled();
  end();
  taken.mockReturnValue(1101);
  vi.advanceTimersByTime(1000);
  expect(onFull).toHaveBeenCalledTimes(1);
  expect(other).not.toHaveBeenCalled();
});

test('sizes for people', () => {
  expect([memoryText(64 * 2 ** 20), memoryText(1.5 * 2 ** 30)]).toEqual(['64 MiB', '1.5 GiB']);
});
