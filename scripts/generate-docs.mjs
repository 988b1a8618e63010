// Makes the pages of the documentation that come from tables: diagnostics, builtins, the gallery of mistakes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'hlb-pages-'));
try {
  const outfile = join(folder, 'pages.mjs');
  // From the sources, so that nothing has to be built before.
  await build({
    entryPoints: [join(root, 'libs', 'checker', 'src', 'pages', 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@hlb/source'],
    logLevel: 'error',
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  });
  const { writePages } = await import(pathToFileURL(outfile).href);
  writePages(join(root, 'docs'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
