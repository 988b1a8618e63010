// Bundles what runs in threads of its own: each a module that stands alone, whatever it is loaded from.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const config = join(dirname(fileURLToPath(import.meta.url)), 'src', 'config');

/** Writes `NAME.mjs` of each worker into a folder, and `config.mjs`, which is `hlb/config` to configurations. */
export async function buildWorkers(outdir) {
  await build({
    entryPoints: {
      config: join(config, 'define-config.ts'),
      ...Object.fromEntries(
        ['config-worker', 'pass-worker', 'typescript-hooks'].map((name) => [
          name,
          join(config, 'workers', `${name}.ts`),
        ]),
      ),
    },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    conditions: ['@hlb/source'],
    minifySyntax: true,
    legalComments: 'linked',
    logLevel: 'warning',
  });
}
