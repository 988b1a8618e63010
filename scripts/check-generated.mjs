// Generates all that is generated anew, and complains where the committed files are not the same.
import { execFileSync, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const status = () => execFileSync('git', ['status', '--porcelain', '-z'], { cwd: root, encoding: 'utf8' });

const before = status();
const { status: code } = spawnSync('npm', ['run', '--silent', 'generate'], { cwd: root, stdio: 'inherit' });
if (code !== 0) process.exit(code ?? 1);
const after = status();
if (after !== before) {
  console.error('these files are not as `npm run generate` makes them:');
  console.error(
    after
      .split('\0')
      .filter((line) => line !== '' && !before.includes(line))
      .join('\n'),
  );
  process.exit(1);
}
