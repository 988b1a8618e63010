import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchPlace, Contest } from '../contest.js';

/** What fills a context folder; `seed` makes the content of different folders different. */
export type Fill = (folder: string, seed: string) => Promise<void>;

/**
 * Two contests over the transfer of a context into an empty file system: of a folder that the engine has never seen, anew for
 * each run, and of one that has not changed since the last run.
 */
export async function transferContests(
  bench: BenchPlace,
  name: string,
  fill: Fill,
  rounds: number,
): Promise<Contest[]> {
  const { hlb, folder } = bench;
  const { address } = await bench.engine();
  const buildx = await bench.buildx();
  const dockerfile = join(folder, 'Dockerfile');
  await writeFile(dockerfile, 'FROM scratch\nCOPY . /\n');

  const args = [...hlb, '--engine', address, 'run', '--log-output', 'plain', 'build.hlb'];
  const theirsIn = (docker: string, cwd: string): string[] => [
    ...[docker, 'buildx', 'build', '--progress', 'plain', '--output', 'type=cacheonly'],
    ...['--file', dockerfile, join(cwd, 'context')],
  ];

  /** A folder with a program and a filled context. */
  const place = async (side: string, round: number | string): Promise<string> => {
    const cwd = join(folder, `${name}-${side}-${round}`);
    await mkdir(join(cwd, 'context'), { recursive: true });
    await writeFile(
      join(cwd, 'build.hlb'),
      'fs default() {\n\tscratch\n\tcopy local("context") "/" "/" with contentsOnly\n}\n',
    );
    await fill(join(cwd, 'context'), `${name} ${side} ${round} ${process.pid}`);
    return cwd;
  };
  const ours = await place('hlb', 'same');
  const theirs = await place('buildx', 'same');

  const first: Contest = {
    name: `${name}/first`,
    what: 'the engine has never seen the folder',
    ours: {
      label: 'hlb run',
      args,
      cwd: ours,
      env: process.env,
      before: async (round) => ({ cwd: await place('hlb', round) }),
    },
    peer:
      'missing' in buildx
        ? buildx
        : {
            label: 'docker buildx build',
            args: theirsIn(buildx.docker, theirs),
            cwd: theirs,
            env: buildx.env,
            before: async (round) => {
              const cwd = await place('buildx', round);
              return { cwd, args: theirsIn(buildx.docker, cwd) };
            },
          },
    rounds,
  };
  const unchanged: Contest = {
    name: `${name}/unchanged`,
    what: 'nothing changed since the last run',
    ours: { label: 'hlb run', args, cwd: ours, env: process.env },
    peer:
      'missing' in buildx
        ? buildx
        : { label: 'docker buildx build', args: theirsIn(buildx.docker, theirs), cwd: theirs, env: buildx.env },
    rounds,
  };
  return [first, unchanged];
}
