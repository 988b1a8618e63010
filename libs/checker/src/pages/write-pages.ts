import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtinPages } from './builtin-page.js';
import { diagnosticPages } from './diagnostic-page.js';
import { galleryPage } from './gallery-page.js';
import type { Page } from './page.js';

/** Writes all pages that are made from the tables below `docs`, and removes those that are no longer made. */
export function writePages(docs: string): void {
  writeFolder(join(docs, 'diagnostics'), diagnosticPages());
  writeFolder(join(docs, 'language', 'builtins'), builtinPages());
  const { path, text } = galleryPage();
  writeFileSync(join(docs, path), text);
}

function writeFolder(folder: string, pages: readonly Page[]): void {
  mkdirSync(folder, { recursive: true });
  const made = new Set(pages.map((page) => page.path));
  for (const name of readdirSync(folder)) if (name.endsWith('.md') && !made.has(name)) rmSync(join(folder, name));
  for (const { path, text } of pages) writeFileSync(join(folder, path), text);
}
