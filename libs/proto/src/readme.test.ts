import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { example } from './fixtures/readme-example.js';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

test("the README's example is what runs here", () => {
  expect(read('../README.md')).toContain(`\`\`\`ts\n${read('fixtures/readme-example.ts')}\`\`\`\n`);
  expect(example).toEqual({
    source: { identifier: 'local://src', attrs: { 'local.session': 'abc' } },
    constraints: {},
  });
});
