import { COUNT, checkArguments, type Form, fields, kinds, optional, TEXT } from '../arguments/forms.js';
import { ConnectError } from '../connect/connect-error.js';

/** Where an engine listens. */
export type EngineAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'npipe'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly secure: boolean }
  | SshAddress
  | ContainerAddress
  | PodAddress;

/** By the system's own `ssh`, to a program on the other side that hands its socket on. */
export interface SshAddress {
  readonly kind: 'ssh';
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /** The socket on the other side, where it is not the usual one. */
  readonly socket?: string;
}

/** By `docker exec`, `podman exec` or `nerdctl exec` into a container that runs buildkitd. */
export interface ContainerAddress {
  readonly kind: 'docker-container' | 'podman-container' | 'nerdctl-container';
  readonly container: string;
  /** Docker's context, or nerdctl's namespace. */
  readonly scope?: string;
}

/** By `kubectl exec` into a pod that runs buildkitd. */
export interface PodAddress {
  readonly kind: 'kube-pod';
  readonly pod: string;
  readonly namespace?: string;
  readonly context?: string;
  readonly container?: string;
  readonly kubeconfig?: string;
}

const SCHEMES =
  'unix://, tcp://, ssh://, docker-container://, podman-container://, nerdctl-container://, kube-pod:// and npipe://';

/**
 * Reads an address.
 * @param defaults.port the port of a `tcp://` address that names none (Docker's addresses may leave it out)
 * @throws ConnectError `bad-address`
 */
export function parseAddress(address: string, defaults: { readonly port?: number } = {}): EngineAddress {
  if (typeof address !== 'string') {
    throw new ConnectError(
      'bad-address',
      `an engine's address must be a text, not ${String(address)}`,
      `Known are ${SCHEMES}.`,
    );
  }
  checkArguments('parseAddress', { defaults: [defaults, fields({ port: optional(COUNT) })] });
  if (address.startsWith('/')) return { kind: 'unix', path: address };
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(address) ?? [];
  switch (scheme?.toLowerCase()) {
    case 'unix':
      return { kind: 'unix', path: required(rest, address, 'a path, as in unix:///run/buildkit/buildkitd.sock') };
    case 'npipe':
      return { kind: 'npipe', path: required(rest, address, 'a pipe, as in npipe:////./pipe/buildkitd') };
    case 'tcp':
    case 'http':
      return tcpAddress(rest, address, false, defaults.port);
    case 'https':
      return tcpAddress(rest, address, true, defaults.port);
    case 'ssh':
      return sshAddress(rest, address);
    case 'docker-container':
    case 'podman-container':
    case 'nerdctl-container':
      return containerAddress(scheme?.toLowerCase() ?? '', rest, address);
    case 'kube-pod':
      return podAddress(rest, address);
    case undefined:
      throw new ConnectError(
        'bad-address',
        `${quote(address)} is no engine address: it has no scheme`,
        `Known are ${SCHEMES}.`,
      );
    default:
      throw new ConnectError(
        'bad-address',
        `${quote(address)} has the unknown scheme ${scheme}://`,
        `Known are ${SCHEMES}.`,
      );
  }
}

const HOST = { host: TEXT, port: COUNT };
const CONTAINER = fields({ container: TEXT, scope: optional(TEXT) });
const ADDRESS: Form = kinds({
  unix: fields({ path: TEXT }),
  npipe: fields({ path: TEXT }),
  tcp: fields(HOST),
  ssh: fields({ host: TEXT, port: optional(COUNT), user: optional(TEXT), socket: optional(TEXT) }),
  'docker-container': CONTAINER,
  'podman-container': CONTAINER,
  'nerdctl-container': CONTAINER,
  'kube-pod': fields({ pod: TEXT }),
});

/** The address as text, which {@link parseAddress} reads back. */
export function formatAddress(address: EngineAddress): string {
  checkArguments('formatAddress', { address: [address, ADDRESS] });
  switch (address.kind) {
    case 'unix':
    case 'npipe':
      return `${address.kind}://${address.path}`;
    case 'tcp':
      return `${address.secure ? 'https' : 'tcp'}://${hostAndPort(address.host, address.port)}`;
    case 'ssh': {
      const user = address.user === undefined ? '' : `${address.user}@`;
      return `ssh://${user}${hostAndPort(address.host, address.port)}${address.socket ?? ''}`;
    }
    case 'kube-pod': {
      const { kind: _, pod, ...rest } = address;
      const query = new URLSearchParams(rest).toString();
      return `kube-pod://${pod}${query === '' ? '' : `?${query}`}`;
    }
    default: {
      const name = address.kind === 'nerdctl-container' ? 'namespace' : 'context';
      return `${address.kind}://${address.container}${address.scope === undefined ? '' : `?${name}=${address.scope}`}`;
    }
  }
}

function tcpAddress(rest: string, address: string, secure: boolean, defaultPort: number | undefined): EngineAddress {
  const { hostname, port } = urlOf(rest, address);
  const host = unbracket(required(hostname, address, 'a host, as in tcp://127.0.0.1:1234'));
  if (port !== '') return { kind: 'tcp', host, port: Number(port), secure };
  if (defaultPort !== undefined) return { kind: 'tcp', host, port: defaultPort, secure };
  // A URL drops the port that is its scheme's own.
  if (/:443(\/|$)/.test(rest)) return { kind: 'tcp', host, port: 443, secure };
  throw new ConnectError(
    'bad-address',
    `${quote(address)} names no port`,
    `Write ${address.replace(/\/$/, '')}:1234, with the engine's port.`,
  );
}

function sshAddress(rest: string, address: string): SshAddress {
  const { hostname, username, password, port, pathname } = urlOf(rest, address);
  if (password !== '') {
    throw new ConnectError(
      'bad-address',
      'an ssh:// address can hold no password',
      'Use a key, or an agent: see ssh(1).',
    );
  }
  const host = unbracket(required(hostname, address, 'a host, as in ssh://user@host'));
  // What ssh would read as an option is no host and no user.
  if (host.startsWith('-') || username.startsWith('-')) {
    throw new ConnectError('bad-address', `${quote(address)} names no host that ssh could reach`);
  }
  return {
    kind: 'ssh',
    host,
    ...(username === '' ? {} : { user: decoded(username, address) }),
    ...(port === '' ? {} : { port: Number(port) }),
    ...(pathname === '' || pathname === '/' ? {} : { socket: decoded(pathname, address) }),
  };
}

function containerAddress(scheme: string, rest: string, address: string): ContainerAddress {
  const [name = '', query = ''] = rest.split('?', 2);
  const kind =
    scheme === 'docker-container' || scheme === 'podman-container' || scheme === 'nerdctl-container'
      ? scheme
      : undefined;
  if (kind === undefined) throw new ConnectError('bad-address', `${quote(address)} has an unknown scheme`);
  const container = commandWord(name, address, `a container, as in ${scheme}://buildkitd`);
  const scope = new URLSearchParams(query).get(kind === 'nerdctl-container' ? 'namespace' : 'context');
  return { kind, container, ...(scope === null || scope === '' ? {} : { scope }) };
}

function podAddress(rest: string, address: string): PodAddress {
  const [name = '', query = ''] = rest.split('?', 2);
  const values = new URLSearchParams(query);
  const value = (key: string): string | undefined => values.get(key) ?? undefined;
  const [namespace, context, container, kubeconfig] = ['namespace', 'context', 'container', 'kubeconfig'].map(value);
  return {
    kind: 'kube-pod',
    pod: commandWord(name, address, 'a pod, as in kube-pod://buildkitd'),
    ...(namespace === undefined ? {} : { namespace }),
    ...(context === undefined ? {} : { context }),
    ...(container === undefined ? {} : { container }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
}

function urlOf(rest: string, address: string): URL {
  try {
    // `https` makes URL check host and port; the address's own scheme would leave them as they are.
    return new URL(`https://${rest}`);
  } catch (cause) {
    throw new ConnectError('bad-address', `${quote(address)} holds no valid host and port`, '', { cause });
  }
}

function required(value: string, address: string, what: string): string {
  if (value !== '') return value;
  throw new ConnectError('bad-address', `${quote(address)} lacks ${what}`);
}

/** A name that goes to a command line: not empty, and nothing that would be read as an option. */
function commandWord(value: string, address: string, what: string): string {
  const name = required(value.replace(/\/$/, ''), address, what);
  if (/^[\w][\w.-]*$/.test(name)) return name;
  throw new ConnectError('bad-address', `${quote(address)} lacks ${what}`);
}

/** What is escaped in a part of an address. */
function decoded(part: string, address: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new ConnectError('bad-address', `${quote(address)} holds an escape that is none`, '', { cause });
  }
}

function unbracket(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function hostAndPort(host: string, port: number | undefined): string {
  return `${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`;
}

function quote(address: string): string {
  return JSON.stringify(address);
}
