import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { standAloneEngine } from '../../../../tests/support/stand-alone-engine.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

// An engine that keeps no images hands them to a tool of this host: here one that gives them to the Docker Engine of the tests.

const socketPath = (): string => testEngine().address.replace('unix://', '');

/** A tool that takes `load` as docker and podman do, and notes what it was called with. */
function loader(): string {
  return `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const { request } = require('node:http');
appendFileSync(__dirname + '/calls', process.argv.slice(2).join(' ') + '\\n');
if (process.argv[2] === 'version') process.exit(0);
const call = request({ socketPath: ${JSON.stringify(socketPath())}, path: '/images/load', method: 'POST' }, (response) => {
  response.resume().on('end', () => process.exit(response.statusCode === 200 ? 0 : 1));
});
process.stdin.pipe(call);
`;
}

function image(name: string): Promise<{ readonly status: number | undefined; readonly body: string }> {
  return new Promise((resolve, reject) => {
    request({ socketPath: socketPath(), path: `/images/${name}/json` }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() }));
    })
      .on('error', reject)
      .end();
  });
}

async function load(name: string, tools: Readonly<Record<string, string>>) {
  const program = `fs default() {\n\timage "${testEngine().registry}/base"\n\tmkfile "/big" 0o644 "${'x'.repeat(1000)}"\n\tlabel "made.by" "hlb"\n\tdockerLoad "${name}"\n}\n`;
  const files = Object.fromEntries(Object.entries(tools).map(([tool, text]) => [`bin/${tool}`, text]));
  const cwd = await folderWith({ 'build.hlb': program, ...files });
  for (const tool of Object.keys(tools)) chmodSync(join(cwd, 'bin', tool), 0o755);
  const engine = await standAloneEngine(testEngine().address);
  const env = { HOME: process.env.HOME, PATH: join(cwd, 'bin') };
  const result = await cli(['--engine', engine, 'run', '--log-output', 'plain'], { cwd, env });
  return { cwd, ...result };
}

test('the image is loaded by the first tool that answers', async () => {
  const name = `example/handed-${Date.now()}:1`;
  const dead = `#!${process.execPath}\nprocess.exit(1);\n`;
  const { cwd, code, stderr } = await load(name, { docker: dead, podman: loader() });
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(new RegExp(`loaded +${name}`));
  expect(readFileSync(join(cwd, 'bin/calls'), 'utf8')).toBe('version\nload\n');
  const { status, body } = await image(name);
  expect(status).toBe(200);
  expect(JSON.parse(body).Config.Labels).toEqual({ 'made.by': 'hlb' });
});

test('what the tool says when it fails is told, and the image is not there', async () => {
  const name = `example/refused-${Date.now()}:1`;
  const full = `#!${process.execPath}\nif (process.argv[2] === 'version') process.exit(0);\nconsole.error('no space left');\nprocess.exit(3);\n`;
  const { code, stderr } = await load(name, { docker: full });
  expect(stderr).toContain('docker load failed (3): no space left');
  expect(code).toBe(1);
  expect((await image(name)).status).toBe(404);
});

test('an archive that is cut off never reaches its end: the tool is ended first', async () => {
  const name = `example/broken-${Date.now()}:1`;
  const reader = `#!${process.execPath}
const { writeFileSync } = require('node:fs');
if (process.argv[2] === 'version') process.exit(0);
process.stdin.resume().on('end', () => writeFileSync(__dirname + '/ended', ''));
`;
  const program = `fs default() {\n\timage "${testEngine().registry}/base"\n\trun "exit 7"\n\tdockerLoad "${name}"\n}\n`;
  const cwd = await folderWith({ 'build.hlb': program, 'bin/docker': reader });
  chmodSync(join(cwd, 'bin/docker'), 0o755);
  const engine = await standAloneEngine(testEngine().address);
  const env = { HOME: process.env.HOME, PATH: join(cwd, 'bin') };
  const { code } = await cli(['--engine', engine, 'run', '--log-output', 'plain'], { cwd, env });
  expect(code).toBe(1);
  expect(existsSync(join(cwd, 'bin/ended'))).toBe(false);
});

test('without a tool it is said before anything is built', async () => {
  const { code, stderr } = await load('example/none:1', {});
  expect(code).toBe(1);
  expect(stderr).toMatch(/neither docker nor podman answers on this host[\s\S]*dockerPush or downloadDockerTarball/);
});
