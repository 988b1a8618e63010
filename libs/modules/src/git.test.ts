import { hostFacts } from '@hlb/facts';
import { decodeOp } from '@hlb/llb';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../../../tests/support/cli.js';
import { gitWays } from './git.js';
import { type GitLocation, parseModuleLocation } from './uri.js';

function located(uri: string): GitLocation {
  const location = parseModuleLocation(uri);
  if (location.kind !== 'git') throw new Error(`${uri} is not of git`);
  return location;
}

async function waysOf(uri: string, agent: boolean, knownHosts?: string): Promise<readonly unknown[]> {
  const home = await folderWith(knownHosts === undefined ? {} : { '.ssh/known_hosts': knownHosts });
  const environment = new Map(agent ? [['SSH_AUTH_SOCK', '/run/agent']] : []);
  const ways = await gitWays(located(uri), { facts: hostFacts({ environment, home }), platform: 'linux/amd64' });
  return ways.map(({ transport, definition, step, problem }) => {
    const { op } = decodeOp(definition.def[0] ?? new Uint8Array());
    const source = op?.$case === 'source' ? op.value : undefined;
    return {
      transport,
      identifier: source?.identifier,
      attrs: Object.fromEntries(source?.attrs ?? []),
      agents: step.session.agents.map(({ id }) => id),
      ...(problem === undefined ? {} : { problem }),
    };
  });
}

const https = {
  transport: 'https',
  identifier: 'git://h.example/a/b#v1',
  attrs: {
    'git.fullurl': 'https://h.example/a/b',
    'git.keepgitdir': 'true',
    'git.authtokensecret': 'GIT_AUTH_TOKEN',
    'git.authheadersecret': 'GIT_AUTH_HEADER',
  },
  agents: [],
};

describe('ways to a repository', () => {
  test('https where there is no agent, or where it is asked for', async () => {
    expect(await waysOf('git://h.example/a/b@v1', false)).toEqual([https]);
    expect(await waysOf('git+https://u@h.example/a/b@v1', true)).toEqual([https]);
  });

  test('ssh with an agent and the hosts that the user knows, and https after it', async () => {
    const ways = await waysOf('git://h.example/a/b@v1', true, 'h.example ssh-ed25519 AAAA\n');
    expect(ways).toEqual([
      {
        transport: 'ssh',
        identifier: 'git://h.example/a/b#v1',
        attrs: {
          ...https.attrs,
          'git.fullurl': 'ssh://git@h.example/a/b',
          'git.knownsshhosts': 'h.example ssh-ed25519 AAAA\n',
          'git.mountsshsock': 'default',
        },
        agents: ['default'],
      },
      https,
    ]);
  });

  test('only ssh where it is asked for', async () => {
    const ways = await waysOf('git+ssh://u@h.example:22/~v/r.git', false);
    expect(ways).toMatchObject([
      { transport: 'ssh', attrs: { 'git.fullurl': 'ssh://u@h.example:22/~v/r.git' }, agents: ['default'] },
    ]);
  });

  test('by ssh not to a host that the user does not know', async () => {
    const problem = 'the keys of the host h.example are not known: there is no line for it in ~/.ssh/known_hosts';
    const known = 'other.example ssh-ed25519 AAAA\n';
    expect(await waysOf('git+ssh://h.example/a/b@v1', true, known)).toMatchObject([{ transport: 'ssh', problem }]);
    expect(await waysOf('git://h.example/a/b@v1', true, known)).toMatchObject([{ transport: 'ssh', problem }, https]);
  });
});
