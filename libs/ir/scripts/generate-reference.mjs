// Writes docs/ir.md from the tables of ops, options and invariants; from the sources, so that nothing has to be built before.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const library = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'hlb-reference-'));
try {
  const outfile = join(folder, 'reference-page.mjs');
  await build({
    entryPoints: [join(library, 'src', 'pages', 'reference-page.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@hlb/source'],
    logLevel: 'error',
  });
  const { referencePage } = await import(pathToFileURL(outfile).href);
  writeFileSync(join(library, '..', '..', 'docs', 'ir.md'), referencePage());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
