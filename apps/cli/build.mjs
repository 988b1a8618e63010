// Bundles the CLI into one file, and keeps the code that V8 compiles for it: both make it start fast.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildHelp } from './build-help.js';
import { buildWorkers } from './build-workers.js';

const here = dirname(fileURLToPath(import.meta.url));
/** Where it goes: the argument, or `dist`. */
const dist = resolve(process.argv[2] ?? join(here, 'dist'));
mkdirSync(dist, { recursive: true });
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

/**
 * @grpc/grpc-js serves those who take the generated clients of `@hlb/proto`; our own calls run on node:http2 (docs/decisions/0008). The bundle
 * makes no such client, so it neither holds the library nor spends the time to load it.
 */
const withoutGeneratedClients = {
  name: 'without-generated-clients',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@grpc\/grpc-js$/ }, ({ path }) => ({ path, namespace: 'without-generated-clients' }));
    onLoad({ filter: /./, namespace: 'without-generated-clients' }, () => ({
      contents: 'export const makeGenericClientConstructor = () => undefined;',
    }));
  },
};

await build({
  entryPoints: [join(here, 'src', 'index.ts')],
  outfile: join(dist, 'hlb.cjs'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  conditions: ['@hlb/source'],
  define: { HLB_VERSION: JSON.stringify(version), 'import.meta.url': '__hlbUrl' },
  banner: { js: 'const __hlbUrl = require("node:url").pathToFileURL(__filename).href;' },
  // A native package that may be absent: it is looked for when it is first needed (docs/decisions/0012).
  external: ['@napi-rs/xattr'],
  plugins: [withoutGeneratedClients],
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  legalComments: 'linked',
  logLevel: 'warning',
});

if (/[^\0-\x7f]/.test(readFileSync(join(dist, 'hlb.cjs'), 'latin1'))) {
  throw new Error('the bundle must be ASCII, as bin/hlb.cjs reads it: escape such characters in regular expressions');
}
await buildWorkers(dist);
// The types of `hlb/config`, as `tsc -b` wrote them.
copyFileSync(join(here, 'build', 'config', 'define-config.d.ts'), join(dist, 'config.d.mts'));
buildHelp(dist);

for (const name of readdirSync(dist)) if (name.endsWith('.cache')) rmSync(join(dist, name));
// A child that loads the bundle and runs small commands, so that what they use is compiled, then gives V8's cache.
const cache = execFileSync(process.execPath, [join(here, 'code-cache.cjs'), join(dist, 'hlb.cjs')], {
  maxBuffer: 256 * 1024 * 1024,
});
writeFileSync(join(dist, `hlb.${process.version}-${process.arch}.cache`), cache);
