import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli } from './cli.js';
import { testEngine } from './test-engine.js';

/** The name under which the engine finds it: the tests' registry is its mirror of Docker Hub. */
const NAME = 'library/node:22-slim';

/** Makes an image of this machine's Node, and pushes it where the engine looks for Docker Hub's. Does nothing when it is there. */
export async function pushNodeImage(): Promise<void> {
  const { address, registry } = testEngine();
  const [name, tag] = NAME.split(':');
  const there = await fetch(`http://${registry}/v2/${name}/manifests/${tag}`, {
    method: 'HEAD',
    headers: {
      accept: 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json',
    },
  });
  if (there.ok) return;
  const cwd = mkdtempSync(join(tmpdir(), 'hlb-node-'));
  try {
    const root = join(cwd, 'root');
    mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
    execFileSync('cp', [realpathSync(process.execPath), join(root, 'usr/local/bin/node')]);
    const libraries = execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
    execFileSync('cp', ['-L', '--parents', ...libraries, root]);
    const program = [
      'fs default() {',
      `\timage "${registry}/base"`,
      '\tcopy local("root") "/" "/" with contentsOnly',
      '\tenv "PATH" "/usr/local/bin:/bin"',
      `\tdockerPush "${registry}/${NAME}"`,
      '}',
    ];
    writeFileSync(join(cwd, 'build.hlb'), `${program.join('\n')}\n`);
    const { code, stderr } = await cli(['--engine', address, 'run', '--log-output', 'plain'], { cwd });
    if (code !== 0) throw new Error(`the image of Node could not be made: ${stderr}`);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
