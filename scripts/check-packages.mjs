// What each package would publish: no tests, no fixtures, valid exports, types that resolve, and no dependency left out.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
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

const packages = ['libs', 'apps']
  .flatMap((top) => readdirSync(join(root, top)).map((name) => join(root, top, name, 'package.json')))
  .map((path) => JSON.parse(readFileSync(path, 'utf8')))
  .filter((manifest) => manifest.private !== true);

// One call for all, and none by publint: npm takes as long to start as it does to pack.
const names = packages.flatMap((manifest) => ['--workspace', manifest.name]);
const tarballs = new Map(
  JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', packed, ...names], { cwd: root, encoding: 'utf8' }),
  ).map((tarball) => [tarball.name, tarball]),
);

// Each core has a package at a time: types are checked by a process of its own for each.
const left = [...packages];
const checkNext = async () => {
  for (let next = left.shift(); next; next = left.shift()) await check(next);
};
await Promise.all(Array.from({ length: availableParallelism() }, checkNext));
rmSync(packed, { recursive: true });
process.exitCode = problems === 0 ? 0 : 1;

async function check(manifest) {
  const { filename, files } = tarballs.get(manifest.name);
  for (const { path } of files) {
    if (/\.test\.|(^|\/)fixtures\/|\.tsbuildinfo$/.test(path)) complain(manifest.name, `packs ${path}`);
  }
  if (!files.some(({ path }) => path.startsWith('dist/'))) complain(manifest.name, 'packs no build');
  for (const thread of threads[manifest.name] ?? []) {
    if (!files.some(({ path }) => path === thread)) complain(manifest.name, `does not pack ${thread}`);
  }

  const file = join(packed, filename);
  const { buffer } = new Uint8Array(readFileSync(file));
  const { messages } = await publint({ strict: true, pack: { tarball: buffer } });
  for (const message of messages) complain(manifest.name, formatMessage(message, manifest) ?? message.code);

  // The CLI is a bundle without types of its own.
  if (manifest.exports !== undefined) {
    const problem = await typeProblem(file);
    if (problem !== undefined) complain(manifest.name, problem);
  }
}

/** What is wrong with the types that a packed package has for those who import it; `undefined` if nothing is. */
function typeProblem(file) {
  return new Promise((resolve) => {
    const done = (error, stdout, stderr) => resolve(error ? `${stdout}${stderr}` : undefined);
    execFile('npx', ['attw', '--profile', 'esm-only', '--format', 'ascii', file], { cwd: root }, done);
  });
}

function complain(name, text) {
  problems += 1;
  console.error(`${name}: ${text}`);
}
