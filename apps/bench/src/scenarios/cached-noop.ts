import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scenario } from '../contest.js';

/** Steps of the build. */
const STEPS = 20;

/** A build in which nothing has changed. */
export const cachedNoop: Scenario = {
  name: 'cached-noop',
  what: `a build of ${STEPS} steps on an image, all of them cached`,
  async prepare(bench) {
    const { folder: cwd, hlb } = bench;
    const { address, registry } = await bench.engine();
    const commands = Array.from({ length: STEPS }, (_, index) => `echo step ${index} >/step-${index}`);
    const runs = commands.map((command) => `\trun ${JSON.stringify(command)}\n`).join('');
    await writeFile(join(cwd, 'build.hlb'), `fs default() {\n\timage "${registry}/base"\n${runs}}\n`);
    await writeFile(
      join(cwd, 'Dockerfile'),
      `FROM ${registry}/base\n${commands.map((command) => `RUN ${command}\n`).join('')}`,
    );
    const buildx = await bench.buildx();
    return {
      contests: [
        {
          name: 'cached-noop',
          what: cachedNoop.what,
          ours: {
            label: 'hlb run',
            args: [...hlb, '--engine', address, 'run', '--log-output', 'plain'],
            cwd,
            env: process.env,
          },
          peer:
            'missing' in buildx
              ? buildx
              : {
                  label: 'docker buildx build',
                  args: [buildx.docker, 'buildx', 'build', '--progress', 'plain', '--output', 'type=cacheonly', '.'],
                  cwd,
                  env: buildx.env,
                },
          rounds: 9,
        },
      ],
      dispose: async () => {},
    };
  },
};
