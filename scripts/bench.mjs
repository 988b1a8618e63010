// `npm run bench [-- NAME…]`: builds everything, then runs the named scenarios of apps/bench, or all.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
for (const [command, args] of [
  ['npm', ['run', 'build', '--silent']],
  [process.execPath, [join(root, 'apps', 'bench', 'dist', 'main.js'), ...process.argv.slice(2)]],
]) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
