import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from './support/cli.js';
import { testEngine } from './support/test-engine.js';

const examples = join(import.meta.dirname, '../examples');

function run(name: string) {
  return cli(['--engine', testEngine().address, 'run', '--log-output', 'plain'], { cwd: join(examples, name) });
}

test('examples/site bundles its page', async () => {
  const result = join(examples, 'site/public');
  rmSync(result, { recursive: true, force: true });
  const { code, stderr } = await run('site');
  expect(stderr).toMatch(/wrote +public/);
  expect(code).toBe(0);
  for (const name of ['index.html', 'main.js', 'style.css', 'about.txt'])
    expect(existsSync(join(result, name))).toBe(true);
  expect(readFileSync(join(result, 'main.js'), 'utf8')).not.toContain('import');
});

test('examples/dockerfile builds through the Dockerfile and adds to it', async () => {
  const result = join(examples, 'dockerfile/out');
  rmSync(result, { recursive: true, force: true });
  const { code, stderr } = await run('dockerfile');
  expect(stderr).toMatch(/wrote +out/);
  expect(code).toBe(0);
  expect(readFileSync(join(result, 'notes/readme.txt'), 'utf8')).toMatch(/sent once/);
  expect(existsSync(join(result, 'LICENSE'))).toBe(true);
});
