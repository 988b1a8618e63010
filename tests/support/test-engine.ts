import { inject } from 'vitest';
import type { TestEngine } from './engine-global-setup.js';

/**
 * The engine of this test run and its registry. Only for tests in files named `*.engine.test.ts`: Vitest starts the engine
 * for these. The image `base` (busybox with a shell) is at `${registry}/base`, and `busybox` resolves to it, too.
 */
export function testEngine(): TestEngine {
  return inject('engine');
}
