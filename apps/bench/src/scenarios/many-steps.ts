import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contest, Contestant, Scenario } from '../contest.js';

/** Steps that don't depend on each other; what each makes is copied into the result, in order. */
const STEPS = 200;

/** A build of many steps side by side: unchanged, with one line changed, and with nothing in the cache. */
export const manySteps: Scenario = {
  name: 'many-steps',
  what: `a build of ${STEPS} steps side by side, each copied into the result`,
  async prepare(bench) {
    const { hlb } = bench;
    const { address, registry } = await bench.engine();
    const buildx = await bench.buildx();
    const contest = async (
      name: string,
      what: string,
      rounds: number,
      salt: (side: string, round: number) => (step: number) => string,
    ): Promise<Contest> => {
      const folder = join(bench.folder, name);
      await mkdir(folder);
      // Each side has words of its own in what changes, so that neither finds the other's work in the cache.
      const before = (file: string, text: Text, side: string): NonNullable<Contestant['before']> => {
        return async (round) => {
          await writeFile(join(folder, file), text(registry, salt(side, round)));
          return undefined;
        };
      };
      return {
        name: `many-steps/${name}`,
        what,
        rounds,
        ours: {
          label: 'hlb run',
          args: [...hlb, '--engine', address, 'run', '--log-output', 'plain'],
          cwd: folder,
          env: process.env,
          before: before('build.hlb', program, 'hlb'),
        },
        peer:
          'missing' in buildx
            ? buildx
            : {
                label: 'docker buildx build',
                args: [buildx.docker, 'buildx', 'build', '--progress', 'plain', '--output', 'type=cacheonly', '.'],
                cwd: folder,
                env: buildx.env,
                before: before('Dockerfile', dockerfile, 'buildx'),
              },
      };
    };
    const run = String(Date.now());
    const contests = [
      await contest('unchanged', 'nothing has changed', 9, () => () => run),
      await contest('one-line', 'one line of one step has changed', 5, (side, round) => (step) => {
        return step === STEPS - 1 ? `${run} ${side} ${round}` : run;
      }),
      await contest('first', 'nothing is in the cache but the image', 3, (side, round) => () => {
        return `${run} ${side} first ${round}`;
      }),
    ];
    return { contests, dispose: async () => {} };
  },
};

type Text = (registry: string, salt: (step: number) => string) => string;

const steps = Array.from({ length: STEPS }, (_, step) => step);

const program: Text = (registry, salt) => {
  const functions = steps.map((step) => {
    const command = JSON.stringify(`echo ${salt(step)} >/out`);
    return `fs step${step}() {\n\timage "${registry}/base"\n\trun ${command}\n}\n`;
  });
  const copies = steps.map((step) => `\tcopy step${step} "/out" "/out-${step}"\n`);
  return `${functions.join('\n')}\nfs default() {\n\tscratch\n${copies.join('')}}\n`;
};

const dockerfile: Text = (registry, salt) => {
  const stages = steps.map((step) => `FROM ${registry}/base AS step${step}\nRUN echo ${salt(step)} >/out\n`);
  const copies = steps.map((step) => `COPY --from=step${step} /out /out-${step}\n`);
  return `${stages.join('')}FROM scratch\n${copies.join('')}`;
};
