import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scenario } from '../contest.js';

/** What it costs to start: printing the version, and reading a small program. */
export const cliStart: Scenario = {
  name: 'cli-start',
  what: 'start of the CLI: its version, and a check of a small program beside bake reading a small file',
  async prepare(bench) {
    const { folder: cwd, hlb } = bench;
    await writeFile(join(cwd, 'build.hlb'), 'fs default() {\n\timage "busybox"\n\trun "true"\n}\n');
    await writeFile(join(cwd, 'docker-bake.hcl'), 'target "default" {\n  dockerfile = "Dockerfile"\n}\n');
    const buildx = await bench.buildx();
    const peer = (label: string, ...args: string[]) =>
      'missing' in buildx ? buildx : { label, args: [buildx.docker, ...args], cwd, env: buildx.env };
    return {
      contests: [
        {
          name: 'cli-start/version',
          what: 'prints the version',
          ours: { label: 'hlb version', args: [...hlb, 'version'], cwd, env: process.env },
          peer: peer('docker buildx version', 'buildx', 'version'),
          rounds: 15,
        },
        {
          name: 'cli-start/check',
          what: 'reads and checks a program of four lines',
          ours: { label: 'hlb check', args: [...hlb, 'check', 'build.hlb'], cwd, env: process.env },
          peer: peer('docker buildx bake --print', 'buildx', 'bake', '--print'),
          rounds: 15,
        },
      ],
      dispose: async () => {},
    };
  },
};
