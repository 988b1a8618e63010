import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { printed } from './fixtures/readme-example.js';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

test("the README's example is what runs here, and prints what it says", () => {
  const readme = read('../README.md');
  expect(readme).toContain(`\`\`\`ts\n${read('fixtures/readme-example.ts')}\`\`\`\n`);
  expect(readme).toContain(`\`\`\`\n${printed}\`\`\`\n`);
});
