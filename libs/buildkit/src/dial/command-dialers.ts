import type { ContainerAddress, PodAddress, SshAddress } from '../address/address.js';
import { CommandStream } from './command-stream.js';
import type { Dialer } from './dialer.js';

type Command = readonly [program: string, ...args: string[]];

/**
 * By the system's `ssh`, so that its configuration, keys, agents and known hosts hold.
 * @param tool the program on the other side that hands its engine's socket on
 */
export function sshDialer(text: string, address: SshAddress, tool: 'buildctl' | 'docker'): Dialer {
  const socket = address.socket === undefined ? undefined : shellWord(`unix://${address.socket}`);
  const remote =
    tool === 'buildctl'
      ? ['buildctl', ...(socket === undefined ? [] : ['--addr', socket]), 'dial-stdio']
      : ['docker', ...(socket === undefined ? [] : ['--host', socket]), 'system', 'dial-stdio'];
  return commandDialer(text, [
    'ssh',
    '-T',
    '-o',
    'ConnectTimeout=30',
    '-o',
    'ServerAliveInterval=15',
    ...(address.user === undefined ? [] : ['-l', address.user]),
    ...(address.port === undefined ? [] : ['-p', String(address.port)]),
    '--',
    address.host,
    ...remote,
  ]);
}

/** By `exec` into a container. */
export function containerDialer(text: string, address: ContainerAddress): Dialer {
  const { container, scope } = address;
  const exec = ['exec', '-i', container, 'buildctl', 'dial-stdio'];
  switch (address.kind) {
    case 'docker-container':
      return commandDialer(text, ['docker', ...(scope === undefined ? [] : ['--context', scope]), ...exec]);
    case 'podman-container':
      return commandDialer(text, ['podman', ...exec]);
    case 'nerdctl-container':
      return commandDialer(text, ['nerdctl', ...(scope === undefined ? [] : ['--namespace', scope]), ...exec]);
    default:
      return unreachable(address.kind);
  }
}

/** By `exec` into a pod. */
export function podDialer(text: string, address: PodAddress): Dialer {
  const { pod, namespace, context, container, kubeconfig } = address;
  return commandDialer(text, [
    'kubectl',
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(context === undefined ? [] : ['--context', context]),
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
    'exec',
    '-i',
    pod,
    ...(container === undefined ? [] : ['--container', container]),
    '--',
    'buildctl',
    'dial-stdio',
  ]);
}

function commandDialer(address: string, command: Command): Dialer {
  return {
    address,
    cost: 'dear',
    authority: 'localhost',
    secure: false,
    dial: async (signal) => {
      signal?.throwIfAborted();
      return { stream: await CommandStream.start(command) };
    },
  };
}

/** A word of the other side's shell: ssh joins its arguments with blanks, unquoted. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function unreachable(value: never): never {
  throw new TypeError(`unknown address ${JSON.stringify(value)}`);
}
