import { describe, vi } from 'vitest';

// In a bundle without the module of the thread, the same work is done where the session is: what is tested with a thread, again without.
vi.mock('./worker-file.js', () => ({ workerFile: () => undefined }));

describe('directories', async () => {
  await import('../directory-target.test.js');
});
describe('destinations', async () => {
  await import('../destinations.test.js');
});
describe('refused entries', async () => {
  await import('../refused-entries.test.js');
});
describe('odd trees', async () => {
  await import('../../odd-trees.test.js');
});
