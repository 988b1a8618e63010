import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchPlace, Contest, Contestant } from '../contest.js';

/**
 * Two contests over the export of a tree to a folder. The tree is made by a command of the build, which is cached in all runs that count.
 * One exports to a folder that does not exist, the other to one that holds the same tree already.
 *
 * @param command fills `/tree`, in busybox's shell
 */
export async function exportContests(
  bench: BenchPlace,
  name: string,
  command: string,
  rounds: number,
): Promise<Contest[]> {
  const { hlb, folder } = bench;
  const { address, registry } = await bench.engine();
  const buildx = await bench.buildx();

  const program = `fs default() {
\tscratch
\tcopy fs {
\t\timage "${registry}/base"
\t\trun ${JSON.stringify(command)}
\t} "/tree" "/" with contentsOnly
\tdownload "out"
}
`;
  const dockerfile = `FROM ${registry}/base AS made
RUN ${command}
FROM scratch
COPY --from=made /tree /
`;

  /** A folder with a program and a Dockerfile of the same build; `fresh` ones lose what was exported before each run. */
  const contestant = async (
    side: string,
    fresh: boolean,
    command: Omit<Contestant, 'cwd' | 'before'>,
  ): Promise<Contestant> => {
    const cwd = join(folder, `${name}-${side}-${fresh ? 'new' : 'again'}`);
    await mkdir(cwd);
    await writeFile(join(cwd, 'build.hlb'), program);
    await writeFile(join(cwd, 'Dockerfile'), dockerfile);
    const before = async (): Promise<undefined> => {
      if (fresh) await rm(join(cwd, 'out'), { recursive: true, force: true });
      return undefined;
    };
    return { ...command, cwd, before };
  };
  const ours = {
    label: 'hlb run',
    args: [...hlb, '--engine', address, 'run', '--log-output', 'plain', 'build.hlb'],
    env: process.env,
  };
  const contest = async (fresh: boolean): Promise<Contest> => ({
    name: `${name}/${fresh ? 'new' : 'again'}`,
    what: fresh ? 'the folder does not exist yet' : 'the folder holds the same already',
    ours: await contestant('hlb', fresh, ours),
    peer:
      'missing' in buildx
        ? buildx
        : await contestant('buildx', fresh, {
            label: 'docker buildx build',
            args: [buildx.docker, 'buildx', 'build', '--progress', 'plain', '--output', 'type=local,dest=out', '.'],
            env: buildx.env,
          }),
    rounds,
  });
  return [await contest(true), await contest(false)];
}
