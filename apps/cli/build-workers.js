// Bundles what runs in threads of its own: each a module that stands alone, whatever it is loaded from.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const config = join(here, 'src', 'config');

const options = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  conditions: ['@hlb/source'],
  minifySyntax: true,
  legalComments: 'linked',
  logLevel: 'warning',
};

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
    ...options,
  });
  await buildReceiveWorker(outdir);
}

/** Writes `receive-worker.js`, under the name by which the client looks for it beside the code that it is part of. */
export async function buildReceiveWorker(outdir) {
  const thread = join(here, '..', '..', 'libs', 'buildkit', 'src', 'session', 'file-send', 'thread');
  await build({
    entryPoints: [join(thread, 'receive-worker.ts')],
    outdir,
    external: ['@napi-rs/xattr'],
    minifyWhitespace: true,
    ...options,
  });
}
