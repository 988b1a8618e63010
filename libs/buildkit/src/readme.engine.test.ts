import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { testEngine } from '../../../tests/support/test-engine.js';
import { build } from './fixtures/readme-build.js';
import { output } from './fixtures/readme-gateway.js';
import { connect } from './index.js';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

test("the README's examples are what runs here", () => {
  const readme = read('../README.md');
  for (const name of ['build', 'gateway']) {
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
