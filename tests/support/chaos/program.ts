import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of the local directory that the program sends, and bytes of what its command makes. */
const FILES = 60;
const BIG_BYTES = 2_000_000;

/**
 * Writes a program that does a bit of everything: an image, a directory that is sent, a command that takes its time, a frontend, and
 * three outputs side by side.
 * @param mark makes it a build that the engine has not seen, and names its processes
 */
export function writeProgram(folder: string, mark: string, registry: string): void {
  for (const name of ['src', 'docker']) mkdirSync(join(folder, name));
  for (let index = 0; index < FILES; index += 1) {
    writeFileSync(join(folder, 'src', `file-${index}`), `${mark} ${index}\n`.repeat(500));
  }
  writeFileSync(join(folder, 'docker/Dockerfile'), 'FROM scratch\nCOPY mark /mark\n');
  writeFileSync(join(folder, 'docker/mark'), mark);
  const ticks = 'i=0; while [ $i -lt 25 ]; do echo tick $i; sleep 0.03; i=$((i+1)); done';
  writeFileSync(
    join(folder, 'build.hlb'),
    `fs made() {
	image "${registry}/base"
	copy local("src") "/" "/app" with contentsOnly
	run ": ${mark}; ${ticks}; head -c ${BIG_BYTES} /dev/urandom > /app/big"
}

fs marked() {
	frontend "dockerfile.v0" with option {
		input "context" local("docker")
		input "dockerfile" local("docker")
	}
}

fs all() {
	scratch
	copy made "/app" "/app"
	copy marked "/mark" "/mark"
}

fs asFolder() {
	all
	download "out"
}

fs asTar() {
	all
	downloadTarball "out.tar"
}

fs asImage() {
	all
	dockerPush "${registry}/chaos:${mark}"
}

pipeline default() {
	stage asFolder asTar asImage
}
`,
  );
}

/** What stands where the outputs go: each is there, not there, or not whole, with what is wrong. */
export interface Outputs {
  readonly dir: 'whole' | 'absent' | string;
  readonly tar: 'whole' | 'absent' | string;
  /** Names in the folder that nobody asked for. */
  readonly leftovers: readonly string[];
}

/** Looks at the outputs with other means than ours. */
export function outputsOf(folder: string): Outputs {
  const known = new Set(['src', 'docker', 'build.hlb', 'out', 'out.tar']);
  return {
    dir: dirOf(join(folder, 'out')),
    tar: tarOf(join(folder, 'out.tar')),
    leftovers: readdirSync(folder).filter((name) => !known.has(name)),
  };
}

function dirOf(path: string): string {
  if (!existsSync(path)) return 'absent';
  const app = existsSync(join(path, 'app')) ? readdirSync(join(path, 'app')) : [];
  const big = app.includes('big') ? statSync(join(path, 'app/big')).size : 0;
  const extra = readdirSync(path).filter((name) => name !== 'app' && name !== 'mark');
  const whole = app.length === FILES + 1 && big === BIG_BYTES && existsSync(join(path, 'mark')) && extra.length === 0;
  return whole ? 'whole' : `${app.length} files, ${big} bytes, ${extra.join(' ')}`;
}

function tarOf(path: string): string {
  if (!existsSync(path)) return 'absent';
  try {
    const names = execFileSync('tar', ['-tf', path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split(
      '\n',
    );
    const files = names.filter((name) => name.startsWith('app/') && !name.endsWith('/')).length;
    return files === FILES + 1 && names.includes('mark') ? 'whole' : `${files} files`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
