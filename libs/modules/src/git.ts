import type { HostFacts } from '@hlb/facts';
import { type Definition, gitSource, marshal, type Output, parsePlatform } from '@hlb/llb';
import { known, type SessionNeeds, type SolveStep, stepId } from '@hlb/plan';
import type { GitLocation } from './uri.js';

/** One way to fetch a repository. */
export interface GitWay {
  readonly transport: 'https' | 'ssh';
  /** What git is called with. */
  readonly remote: string;
  readonly definition: Definition;
  readonly step: SolveStep;
  /** Why it must not be taken. */
  readonly problem?: string;
}

export interface GitWayOptions {
  readonly facts: Pick<HostFacts, 'environment' | 'knownHosts'>;
  readonly platform: string;
}

/**
 * The ways to fetch a repository, the best first. Where either would do, it is ssh first for those who have an agent, as they may see
 * more that way, and https where that fails.
 */
export async function gitWays(location: GitLocation, { facts, platform }: GitWayOptions): Promise<readonly GitWay[]> {
  const { transport } = location;
  const hasAgent = ((await facts.environment()).get('SSH_AUTH_SOCK') ?? '') !== '';
  const ways: GitWay[] = [];
  if (transport === 'ssh' || (transport === 'any' && hasAgent)) {
    ways.push(sshWay(location, await facts.knownHosts(location.host), platform));
  }
  if (transport !== 'ssh') ways.push(httpsWay(location, platform));
  return ways;
}

function httpsWay({ host, path, ref }: GitLocation, platform: string): GitWay {
  const remote = `https://${host}${path}`;
  return way('https', remote, gitSource({ remote, ref, keepGitDir: true }), platform, nothing);
}

function sshWay({ user, host, path, ref }: GitLocation, known: readonly string[], platform: string): GitWay {
  const remote = `ssh://${user}@${host}${path}`;
  const knownSshHosts = known.length === 0 ? undefined : `${known.join('\n')}\n`;
  const source = gitSource({ remote, ref, keepGitDir: true, knownSshHosts, mountSshSocket: AGENT });
  const agent = { id: AGENT, source: { kind: 'environment' as const } };
  const made = way('ssh', remote, source, platform, { ...nothing, agents: [agent] });
  // Without a key that the user knows, whoever answers would be believed.
  const problem = `the keys of the host ${host} are not known: there is no line for it in ~/.ssh/known_hosts`;
  return known.length === 0 ? { ...made, problem } : made;
}

/** The id of the user's agent. */
const AGENT = 'default';
const nothing: SessionNeeds = { directories: [], secrets: [], agents: [] };

function way(
  transport: GitWay['transport'],
  remote: string,
  output: Output,
  platform: string,
  session: SessionNeeds,
): GitWay {
  const definition = marshal(output, { platform: parsePlatform(platform) });
  const step: SolveStep = {
    ...{ kind: 'solve', id: stepId(`git ${remote}`), name: `import ${remote}` },
    ...{ definition: known(definition), after: [], session, entitlements: [], call: undefined },
  };
  return { transport, remote, definition, step };
}
