import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENTS_VERSION } from '@hlb/runtime';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8');

test('the page of events names each kind, and the version', () => {
  const page = read('docs/events.md');
  const source = read('libs/runtime/src/events/events.ts');
  const declared = [...source.matchAll(/^ {2}readonly kind: '([\w-]+)';$/gm)].map(([, kind]) => kind).sort();
  const listed = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, kind]) => kind).sort();
  expect(declared.length).toBeGreaterThan(10);
  expect(listed).toEqual(declared);
  expect(page).toContain(`\`EVENTS_VERSION\` is ${EVENTS_VERSION}.`);
});
