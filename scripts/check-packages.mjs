// What each package would publish: no tests, no fixtures, valid exports, types that resolve, and no dependency left out.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packed = mkdtempSync(join(tmpdir(), 'hlb-packed-'));
let problems = 0;

/** Modules that nothing imports: they are started as threads, by their names. */
const threads = {
  '@hlb/buildkit': ['dist/session/file-send/thread/receive-worker.js'],
  '@hlb/ir': ['dist/passes/outside/pass-worker.js'],
  hlb: ['config-worker.mjs', 'pass-worker.mjs', 'receive-worker.js'].map((name) => `dist/${name}`),
};

const folders = ['libs', 'apps'].flatMap((top) => readdirSync(join(root, top)).map((name) => join(root, top, name)));
for (const folder of folders) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (manifest.private === true) continue;
  const [{ filename, files }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', packed], { cwd: folder, encoding: 'utf8' }),
  );
  for (const { path } of files) {
    if (/\.test\.|(^|\/)fixtures\/|\.tsbuildinfo$/.test(path)) complain(manifest.name, `packs ${path}`);
  }
  if (!files.some(({ path }) => path.startsWith('dist/'))) complain(manifest.name, 'packs no build');
  for (const thread of threads[manifest.name] ?? []) {
    if (!files.some(({ path }) => path === thread)) complain(manifest.name, `does not pack ${thread}`);
  }

  const { messages } = await publint({ pkgDir: folder, strict: true });
  for (const message of messages) complain(manifest.name, formatMessage(message, manifest) ?? message.code);

  // The CLI is a bundle without types of its own.
  if (manifest.exports !== undefined) {
    const attw = spawnSync('npx', ['attw', '--profile', 'esm-only', '--format', 'ascii', join(packed, filename)], {
      cwd: root,
      encoding: 'utf8',
    });
    if (attw.status !== 0) complain(manifest.name, `${attw.stdout}${attw.stderr}`);
  }
}
rmSync(packed, { recursive: true });
process.exitCode = problems === 0 ? 0 : 1;

function complain(name, text) {
  problems += 1;
  console.error(`${name}: ${text}`);
}
