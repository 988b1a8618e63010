import type { GitOp, LocalOp, RunOp, Text } from '@hlb/ir';
import type { FactResult, StepFactPort } from '@hlb/plan';
import type { HostPlace } from '../../../facts/host-command.js';
import { locateLocal } from '../../../facts/resolve-locals.js';
import { servicePaths } from '../../../facts/service-paths.js';
import { unknownHost } from '../../../facts/unknown-host.js';
import { BadValue, LoweringProblem, placed } from '../../problem.js';
import { sshHost } from '../../values.js';

type Answer = Omit<FactResult, 'kind'>;

/** What stands where a local points. */
export async function lookUpLocal(op: LocalOp, path: string, place: HostPlace, facts: StepFactPort): Promise<Answer> {
  const { asked, fact } = await placedAt(op, op.path, () => locateLocal(op, path, place, facts));
  return { text: '', paths: new Map([[asked, fact]]) };
}

/** What stands where a command's secrets and sockets are, of those whose texts these are. */
export async function lookUpServices(
  op: RunOp,
  texts: ReadonlyMap<Text, string>,
  place: HostPlace,
  facts: StepFactPort,
): Promise<Answer> {
  const paths = new Map<string, Awaited<ReturnType<StepFactPort['path']>>>();
  const files = new Map<string, readonly string[]>();
  const wanted = servicePaths(op, (text) => texts.get(text), place);
  await Promise.all(
    wanted.map(({ path, withFiles, text }) =>
      placedAt(op, text, async () => {
        const fact = await facts.path(path);
        paths.set(path, fact);
        if (withFiles && fact.kind === 'directory') files.set(fact.realPath, await facts.files(fact.realPath));
      }),
    ),
  );
  return { text: '', paths, files };
}

/** What this host knows of the host of a remote by ssh. */
export async function lookUpHost(op: GitOp, remote: string, facts: StepFactPort): Promise<Answer> {
  const host = sshHost(remote);
  if (host === undefined) return { text: '' };
  const lines = await placedAt(op, op.remote, () => facts.knownHosts(host));
  if (lines.length > 0) return { text: lines.join('\n') };
  throw new LoweringProblem(placed(op, unknownHost(host, 'error'), op.remote));
}

async function placedAt<T>(op: LocalOp | RunOp | GitOp, text: Text, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof LoweringProblem || !(error instanceof Error)) throw error;
    throw new LoweringProblem(placed(op, new BadValue('HLB0532', { message: error.message }), text));
  }
}
