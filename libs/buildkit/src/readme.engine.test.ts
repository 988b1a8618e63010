import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { marshal } from '@hlb/llb';
import { expect, onTestFinished, test } from 'vitest';
import { testEngine } from '../../../tests/support/test-engine.js';
import { OnEngine, platform, shell, tarFile } from './fixtures/on-engine.js';
import { build } from './fixtures/readme-build.js';
import { debug, failing } from './fixtures/readme-debug.js';
import { dockerfileToTar } from './fixtures/readme-dockerfile.js';
import { output } from './fixtures/readme-gateway.js';
import { progress } from './fixtures/readme-progress.js';
import { push } from './fixtures/readme-push.js';
import { connect } from './index.js';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

test("the README's examples are what runs here", () => {
  const readme = read('../README.md');
  for (const name of ['build', 'dockerfile', 'push', 'progress', 'debug', 'gateway']) {
    expect(readme).toContain(`\`\`\`ts\n${read(`fixtures/readme-${name}.ts`)}\`\`\`\n`);
  }
  expect(readme).toContain(`\`\`\`ts\n${read('../../../examples/frontend/src/main.ts')}\`\`\`\n`);
});

test('its build copies what it says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ['a.txt', 'b.txt', 'c.md']) writeFileSync(join(folder, name), name);
  expect(await build(folder, join(folder, 'out'), testEngine().address)).toBe(2);
  expect(readdirSync(join(folder, 'out'))).toEqual(['a.txt', 'b.txt']);
});

test('its gateway runs the command', async () => {
  const connection = await connect(testEngine().address);
  onTestFinished(() => connection.close());
  const image = `${testEngine().registry}/base`;
  expect(await output(connection, image, ['echo', 'hello'])).toBe('hello\r\n');
  await expect(output(connection, image, ['false'])).rejects.toThrow('exit code 1');
});

test('its Dockerfile becomes a tar', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const lines = [
    `FROM ${testEngine().registry}/base`,
    'ARG GREETING',
    'COPY *.txt /',
    'RUN echo $GREETING > /greeting',
  ];
  writeFileSync(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'a.txt'), 'a');
  const tar = join(folder, 'out.tar');
  expect(await dockerfileToTar(folder, tar, testEngine().address)).toBe(statSync(tar).size);
  expect(tarFile(tar, 'greeting').toString()).toBe('hello\n');
  expect(tarFile(tar, 'a.txt').toString()).toBe('a');
});

test('its push is what the registry has', async () => {
  const { exportsImages, mark } = await OnEngine.open();
  const { address, registry } = testEngine();
  const pushed = push(`${registry}/base`, `${registry}/readme-${mark}:1`, address);
  if (!exportsImages) return expect(pushed).rejects.toThrow('the exporter "image" is not supported by this engine');
  const digest = await pushed;
  const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
  const answer = await fetch(`http://${registry}/v2/readme-${mark}/manifests/1`, { headers: { accept } });
  expect(answer.headers.get('docker-content-digest')).toBe(digest);
});

test('its progress tells what happens, and fails as the build does', async () => {
  const { connection, mark } = await OnEngine.open();
  const lines: string[] = [];
  const definition = marshal(shell(`echo working on ${mark}; exit 5`), { platform });
  const all = async (): Promise<void> => {
    for await (const line of progress(connection, definition)) lines.push(line);
  };
  await expect(all()).rejects.toThrow('exit code: 5');
  expect(lines.some((line) => line.endsWith(`: working on ${mark}`))).toBe(true);
  expect(lines.some((line) => line.includes(': failed: '))).toBe(true);
});

test('its shell stands where the step failed', async () => {
  const { caps } = await OnEngine.open();
  const image = `${testEngine().registry}/base`;
  const [input, shown] = [new PassThrough(), new PassThrough()];
  input.write('cat /work; stty size; exit 7\n');
  const terminal = { input, output: shown, rows: 40, columns: 123 };
  const code = debug(failing(image), terminal, testEngine().address);
  if (!caps.llb.has('source.policy')) return expect(code).rejects.toThrow('exit code: 3');
  expect(await code).toBe(7);
  const written = String(shown.read());
  expect(written).toContain('half done\r\n');
});
