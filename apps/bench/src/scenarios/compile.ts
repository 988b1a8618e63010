import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contest, Contestant, Scenario } from '../contest.js';
import { bakeFile, buildProgram, hlbTargets, javaScriptProgram, OPS_A_FUNCTION } from '../generated-programs.js';

/** Functions of the largest program; sizes double up to it, so that one sees how time and memory grow. */
const FUNCTIONS = 20_000;
const TARGETS = 1_000;

/**
 * Compiling big programs to the bytes that an engine gets: how time grows with operations. No other tool makes LLB of so many operations
 * from a text: esbuild on JavaScript of the same size is no measure of the task but of the machine, so that figures of different
 * runs can be compared by their ratios. Of targets `docker buildx bake --print` does the same: it reads a file and prints what it would
 * build.
 */
export const compileScenario: Scenario = {
  name: 'compile',
  what: `compiling programs of up to ${FUNCTIONS} functions from file to LLB bytes; esbuild on JavaScript of the same size shows how fast the machine was`,
  async prepare(bench) {
    const { folder: cwd, hlb } = bench;
    const worker = fileURLToPath(new URL('../compile/main.js', import.meta.url));
    const esbuild = createRequire(import.meta.url).resolve('esbuild/bin/esbuild');
    const contestant = (label: string, ...args: readonly string[]): Contestant => ({
      label,
      args,
      cwd,
      env: process.env,
    });
    const contests: Contest[] = [];
    for (const share of [8, 4, 2, 1]) {
      const functions = FUNCTIONS / share;
      const ops = functions * OPS_A_FUNCTION + 1;
      const text = buildProgram(functions);
      const name = `program-${functions}`;
      await writeFile(join(cwd, `${name}.hlb`), text);
      await writeFile(join(cwd, `${name}.js`), javaScriptProgram(text.length));
      for (const level of ['O0', 'default']) {
        contests.push({
          name: `compile/${level} ${ops} ops`,
          what: `a file of ${(text.length / 1e6).toFixed(1)} MB to the bytes of its LLB; the other is the machine's speed`,
          ours: contestant('compile', process.execPath, worker, level, `${name}.hlb`, String(ops)),
          peer: contestant(
            'esbuild --minify',
            esbuild,
            '--minify',
            '--log-level=error',
            `${name}.js`,
            '--outfile=out.js',
          ),
          rounds: 3,
        });
      }
    }
    await writeFile(join(cwd, 'targets.hlb'), `${hlbTargets(TARGETS)}${allTargets(TARGETS)}`);
    await writeFile(join(cwd, 'docker-bake.hcl'), bakeFile(TARGETS));
    const buildx = await bench.buildx();
    contests.push({
      name: `compile/${TARGETS} targets`,
      what: 'compiling a file of targets to its plan, and printing it',
      ours: contestant('hlb dump --stage plan', ...hlb, 'dump', '--stage', 'plan', '--offline', 'targets.hlb'),
      peer:
        'missing' in buildx
          ? buildx
          : {
              ...contestant('docker buildx bake --print', buildx.docker, 'buildx', 'bake', '--print'),
              env: buildx.env,
            },
      rounds: 2,
    });
    return { contests, dispose: async () => {} };
  },
};

/** A target that wants all those of `hlbTargets`. */
function allTargets(targets: number): string {
  const names = Array.from({ length: targets }, (_, index) => `t${index}`);
  return `pipeline default() {\n\tstage ${names.join(' ')}\n}\n`;
}
