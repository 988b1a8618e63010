#!/usr/bin/env node
/**
 * Writes `images.lock.json` anew: `hlb-pin-images [FILE] [-t TARGET]… [flags of hlb dump]`. Compiles the program with
 * digests from the registries, and reads them in what comes out. `HLB` names the command to run in place of `hlb`.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lockOf } from './lock-of.js';

const args = [
  'dump',
  '--stage',
  'ir',
  '--no-config',
  '--pass',
  fileURLToPath(new URL('resolve.js', import.meta.url)),
  '--after',
  'resolve-images',
  ...process.argv.slice(2),
];
const { status, stdout, error } = spawnSync(process.env['HLB'] ?? 'hlb', args, {
  encoding: 'utf8',
  stdio: ['inherit', 'pipe', 'inherit'],
  maxBuffer: 1024 * 1024 * 1024,
});
if (error !== undefined) {
  console.error(`error: hlb can't be run: ${error.message}`);
  process.exitCode = 1;
} else if (status !== 0) {
  process.exitCode = status ?? 1;
} else {
  const lock = lockOf(stdout);
  writeFileSync('images.lock.json', `${JSON.stringify(lock, undefined, 2)}\n`);
  console.error(`images.lock.json: ${Object.keys(lock).length} images`);
}
