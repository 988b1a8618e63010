import { expect, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';

test('the registry of the test engine holds the base image under both names', async () => {
  const { registry } = testEngine();
  for (const name of ['base', 'library/busybox']) {
    const answer = await fetch(`http://${registry}/v2/${name}/tags/list`);
    expect(await answer.json()).toEqual({ name, tags: ['latest'] });
  }
});
