// `npm start`: builds the CLI and runs an example to its result, on whatever engine there is.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const example = join(root, 'examples', 'site');
const result = join(example, 'public');

run('npm', ['run', 'build', '--silent'], root);
run(process.execPath, [join(root, 'apps', 'cli', 'bin', 'hlb.cjs'), 'run', 'build.hlb'], example);

if (!existsSync(result)) fail(`the example gave no ${relative(process.cwd(), result)}`);
console.log(`\nThe example's result is in ${relative(process.cwd(), result) || '.'}:`);
for (const name of readdirSync(result).sort()) console.log(`  ${name}`);

/** Runs a command with this terminal; ends with its exit code when it fails. */
function run(command, args, cwd) {
  const { status, signal, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error !== undefined) fail(error.message);
  if (status !== 0) process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}

function fail(message) {
  console.error(`error: ${message}`);
  process.exit(1);
}
