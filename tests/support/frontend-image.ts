import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { cli } from './cli.js';
import { pushNodeImage } from './node-image.js';
import { testEngine } from './test-engine.js';

const root = join(import.meta.dirname, '../..');

/** Builds the frontend of `examples/frontend` as people do, and pushes it as `docker/dockerfile` where the engine looks for Docker Hub's. */
export async function pushFrontendImage(): Promise<void> {
  await pushNodeImage();
  // What is bundled is the library as it is published.
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-b', join(root, 'libs/buildkit')]);
  const { address, registry } = testEngine();
  const { code, stderr } = await cli(['--engine', address, 'run', '--log-output', 'plain', '-t', 'push'], {
    cwd: join(root, 'examples/frontend'),
    env: { HOME: process.env.HOME, PATH: process.env.PATH, FRONTEND: `${registry}/docker/dockerfile:latest` },
  });
  if (code !== 0) throw new Error(`the frontend could not be made: ${stderr}`);
}
