import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFile } from '@hlb/diagnostics';
import { parse, print } from '@hlb/parser';
import { describe, expect, test } from 'vitest';
import type { Builtin } from '../builtins/builtin.js';
import { builtinNames, builtinsNamed } from '../builtins/table.js';
import { check } from '../check/check.js';
import { indexModule } from '../lint/module-index.js';
import { builtinExamples } from './builtin-examples.js';
import { builtinPages } from './builtin-page.js';
import { diagnosticPages } from './diagnostic-page.js';
import { diagnosticsOf, gallery, galleryPage } from './gallery-page.js';
import type { Page } from './page.js';

const docs = join(import.meta.dirname, '../../../../docs');

function textsIn(folder: string): readonly Page[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

function byPath(pages: readonly Page[]): readonly Page[] {
  return [...pages].sort((a, b) => (a.path < b.path ? -1 : 1));
}

describe('the generated pages are as `npm run generate:docs` makes them', () => {
  test('docs/diagnostics', () => {
    expect(textsIn(join(docs, 'diagnostics'))).toEqual(byPath(diagnosticPages()));
  });

  test('docs/language/builtins', () => {
    expect(textsIn(join(docs, 'language', 'builtins'))).toEqual(byPath(builtinPages()));
  });

  test('docs/errors.md', () => {
    const { path, text } = galleryPage();
    expect(readFileSync(join(docs, path), 'utf8')).toBe(text);
  });

  test('link only to pages that exist', () => {
    for (const pages of [diagnosticPages(), builtinPages()]) {
      const known = new Set(pages.map((page) => page.path));
      for (const { path, text } of pages) {
        for (const [, target] of text.matchAll(/\]\((\w+\.md)\)/g)) expect(known, path).toContain(target);
      }
    }
  });
});

describe('the example of a builtin', () => {
  test('is there for each name, and for no other', () => {
    expect(Object.keys(builtinExamples).sort()).toEqual([...builtinNames()].sort());
  });

  test.each(Object.entries(builtinExamples))('%s', (name, text) => {
    const file = sourceFile('build.hlb', text);
    const { module, diagnostics } = parse(file);
    const checked = check(module);
    expect([...diagnostics, ...checked.diagnostics, ...checked.early]).toEqual([]);
    expect(print(module)).toBe(text);
    const called = new Set<Builtin>();
    for (const { resolution } of indexModule(checked).calls) {
      if (resolution?.kind === 'builtin') called.add(resolution.builtin);
    }
    for (const row of builtinsNamed(name)) expect(called, `an overload of kind ${row.kind}`).toContain(row);
  });
});

describe('a mistake of the gallery', () => {
  const mistakes = gallery.flatMap((section) => section.mistakes);

  test('is one of at least 40', () => {
    expect(mistakes.length).toBeGreaterThanOrEqual(40);
    expect(new Set(mistakes.map((mistake) => mistake.title)).size).toBe(mistakes.length);
  });

  test.each(mistakes.map((mistake) => [mistake.title, mistake] as const))('gives one error: %s', (_, mistake) => {
    const errors = diagnosticsOf(mistake).filter((found) => found.severity === 'error');
    expect(errors.map((found) => `${found.code} ${found.message}`)).toHaveLength(1);
  });
});
