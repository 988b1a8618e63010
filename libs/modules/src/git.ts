import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
}

export interface GitWayOptions {
  readonly facts: Pick<HostFacts, 'environment' | 'home'>;
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
    ways.push(sshWay(location, await knownHosts(await facts.home()), platform));
  }
  if (transport !== 'ssh') ways.push(httpsWay(location, platform));
  return ways;
}

function httpsWay({ host, path, ref }: GitLocation, platform: string): GitWay {
  const remote = `https://${host}${path}`;
  return way('https', remote, gitSource({ remote, ref, keepGitDir: true }), platform, nothing);
}

function sshWay({ user, host, path, ref }: GitLocation, knownSshHosts: string | undefined, platform: string): GitWay {
  const remote = `ssh://${user}@${host}${path}`;
  const source = gitSource({ remote, ref, keepGitDir: true, knownSshHosts, mountSshSocket: AGENT });
  const agent = { id: AGENT, source: { kind: 'environment' as const } };
  return way('ssh', remote, source, platform, { ...nothing, agents: [agent] });
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
    ...{ definition: known(definition), after: [], session, entitlements: [], calls: [] },
  };
  return { transport, remote, definition, step };
}

/** The hosts that the user trusts; without any, the engine trusts who answers first. */
async function knownHosts(home: string): Promise<string | undefined> {
  const text = await readFile(join(home, '.ssh', 'known_hosts'), 'utf8').catch(() => '');
  return text === '' ? undefined : text;
}
