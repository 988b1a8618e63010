import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scenario } from '../contest.js';

/** How long one waits until a build shows that it has begun: from the start of the process to the first news of the engine. */
export const firstEvent: Scenario = {
  name: 'first-event',
  what: 'from the start of the CLI to the first event of a cached build, as rawjson has it',
  async prepare(bench) {
    const { folder: cwd, hlb } = bench;
    const { address, registry } = await bench.engine();
    await writeFile(join(cwd, 'build.hlb'), `fs default() {\n\timage "${registry}/base"\n\trun "true"\n}\n`);
    await writeFile(join(cwd, 'Dockerfile'), `FROM ${registry}/base\nRUN true\n`);
    const buildx = await bench.buildx();
    return {
      contests: [
        {
          name: 'first-event',
          what: firstEvent.what,
          ours: {
            label: 'hlb run',
            args: [...hlb, '--engine', address, 'run', '--log-output', 'rawjson'],
            cwd,
            env: process.env,
            until: /"vertexes"/,
          },
          peer:
            'missing' in buildx
              ? buildx
              : {
                  label: 'docker buildx build',
                  args: [buildx.docker, 'buildx', 'build', '--progress', 'rawjson', '--output', 'type=cacheonly', '.'],
                  cwd,
                  env: buildx.env,
                  until: /"vertexes"/,
                },
          rounds: 15,
        },
      ],
      dispose: async () => {},
    };
  },
};
