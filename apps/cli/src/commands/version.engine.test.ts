import { expect, test } from 'vitest';
import { cli } from '../../../../tests/support/cli.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

test('version --json tells what the engine is', async () => {
  const { address } = testEngine();
  const { code, stdout, stderr } = await cli(['--engine', address, 'version', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    node: process.version,
    engine: { address, kind: 'docker', platforms: expect.arrayContaining(['linux/amd64']) },
  });
});

test('an engine that is not there is said, and is no failure', async () => {
  const { code, stdout, stderr } = await cli(['--engine', 'unix:///nowhere/docker.sock', 'version', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout).engine).toEqual({ error: expect.stringContaining('unix:///nowhere/docker.sock') });
});
