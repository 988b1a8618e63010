import { ControlService, type ListWorkersRequest, type ListWorkersResponse } from '@hlb/proto/control';
import { type EngineAddress, parseAddress } from '../address/address.js';
import type { EngineCandidate } from '../address/engine-addresses.js';
import type { TlsFiles } from '../address/tls.js';
import { EXPECTATION, TLS_FILES } from '../arguments/engine-forms.js';
import { checkArguments, type Form, fields, list, MILLISECONDS, optional, SIGNAL, TEXT } from '../arguments/forms.js';
import { type Dialer, dialerOf } from '../dial/dialer.js';
import { speaksTls } from '../dial/socket-dialers.js';
import type { GrpcChannel } from '../grpc/channel.js';
import { within } from '../grpc/within.js';
import { ConnectError } from './connect-error.js';
import { Connection } from './connection.js';
import { openChannel, type Way } from './open-channel.js';
import { wantsTls, wayError } from './way-error.js';

/** How long an engine may take to answer at all (ms), unless told otherwise. */
const CONNECT_TIMEOUT_MS = 30_000;

/** Docker's usual ports, for addresses that name none. */
const DOCKER_PORT = 2375;
const DOCKER_TLS_PORT = 2376;

export interface ConnectOptions {
  /** Files for TLS on a `tcp://` address; with them, even none of them, the connection is encrypted. */
  readonly tls?: TlsFiles;
  /** What is expected to answer, which saves a try; either is accepted. */
  readonly expect?: 'buildkit' | 'docker' | 'either';
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for an answer (ms). */
  readonly timeout?: number;
}

const CALL = { signal: optional(SIGNAL), timeout: optional(MILLISECONDS) };
const OPTIONS: Form = fields({ ...CALL, tls: optional(TLS_FILES), expect: optional(EXPECTATION) });
const CANDIDATE: Form = fields({
  address: TEXT,
  origin: TEXT,
  tls: optional(TLS_FILES),
  expect: optional(EXPECTATION),
});

/** The way that answered last at an address. */
const remembered = new Map<string, Way>();

/**
 * Connects to an engine at an address.
 * @throws ConnectError, or the reason of the signal
 */
export async function connect(address: string, options: ConnectOptions = {}): Promise<Connection> {
  checkArguments('connect', { options: [options, OPTIONS] });
  const { tls, expect = 'either' } = options;
  const port = expect === 'docker' ? { port: tls === undefined ? DOCKER_PORT : DOCKER_TLS_PORT } : {};
  const target = parseAddress(address, port);
  return within(options.timeout ?? CONNECT_TIMEOUT_MS, options.signal, async ({ signal, isOver }) => {
    try {
      return await tryWays(address, target, { tls, expect, signal });
    } catch (cause) {
      if (!isOver()) throw cause;
      throw new ConnectError('unreachable', `${address} did not answer`, 'Check the address and the network.', {
        cause,
      });
    }
  });
}

interface Attempt {
  readonly tls: TlsFiles | undefined;
  readonly expect: 'buildkit' | 'docker' | 'either';
  readonly signal: AbortSignal;
}

async function tryWays(address: string, target: EngineAddress, { tls, expect, signal }: Attempt): Promise<Connection> {
  const failures: ConnectError[] = [];
  for (const way of ways(address, expect)) {
    const dialer = dialerOf(target, tls, way === 'upgrade' ? 'docker' : 'buildctl');
    const result = await tryWay(dialer, way, signal);
    if (!(result instanceof ConnectError)) {
      remembered.set(address, result.via);
      return result;
    }
    // What kept us from talking at all stands in every way; ssh:// alone needs another program for each.
    if (!OTHER_WAY_MAY_WORK.has(result.code)) throw result;
    failures.push(result);
  }
  const isPlain = target.kind === 'tcp' && tls === undefined && !target.secure;
  if (isPlain && (await speaksTls(target.host, target.port, signal))) throw wantsTls(address);
  throw mostTelling(failures, address);
}

/**
 * Connects to the first engine of a list that answers, as `engineAddresses` gives it.
 * @throws ConnectError: of the address that somebody chose, else `no-engine`
 */
export async function connectFirst(
  candidates: readonly EngineCandidate[],
  options: Pick<ConnectOptions, 'signal' | 'timeout'> = {},
): Promise<Connection> {
  if (!Array.isArray(candidates))
    throw new TypeError('connectFirst takes what engineAddresses gives; connect takes an address');
  checkArguments('connectFirst', { candidates: [candidates, list(CANDIDATE)], options: [options, fields(CALL)] });
  const failures: string[] = [];
  for (const { address, origin, chosen, expect, tls } of candidates) {
    try {
      return await connect(address, { ...options, expect, ...(tls === undefined ? {} : { tls }) });
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      if (chosen) throw new ConnectError(error.code, `${error.message} (from ${origin})`, error.help, { cause: error });
      failures.push(error.message);
    }
  }
  const tried = failures.length === 0 ? 'none of the usual sockets exists' : failures.join('; ');
  throw new ConnectError(
    'no-engine',
    `no BuildKit engine was found: ${tried}`,
    'Start one, or name it in BUILDKIT_HOST or DOCKER_HOST.',
  );
}

const OTHER_WAY_MAY_WORK: ReadonlySet<ConnectError['code']> = new Set(['not-buildkit', 'too-old', 'command-failed']);

/** Both ways, the likelier first. */
function ways(address: string, expect: 'buildkit' | 'docker' | 'either'): readonly Way[] {
  const answered = remembered.get(address);
  const upgradeFirst =
    answered === undefined ? expect === 'docker' || /docker[^/]*\.sock$/.test(address) : answered === 'upgrade';
  const container = /^(docker|podman|nerdctl)-container:|^kube-pod:/.test(address);
  if (container) return ['direct'];
  return upgradeFirst ? ['upgrade', 'direct'] : ['direct', 'upgrade'];
}

/** A connection, or why there is none by this way. */
async function tryWay(dialer: Dialer, way: Way, signal: AbortSignal): Promise<Connection | ConnectError> {
  let channel: GrpcChannel | undefined;
  try {
    const opened = await openChannel(dialer, way, signal);
    channel = opened.channel;
    return await greet(dialer, channel, opened.via, signal);
  } catch (error) {
    await channel?.close();
    if (signal.aborted) throw error;
    return error instanceof ConnectError ? error : wayError(dialer, error);
  }
}

/** Makes sure that it is BuildKit that answers, and which. */
async function greet(dialer: Dialer, channel: GrpcChannel, via: Way, signal: AbortSignal): Promise<Connection> {
  const [{ record: workers }, isDocker] = await Promise.all([
    channel.unary<ListWorkersRequest, ListWorkersResponse>(ControlService.listWorkers, { filter: [] }, { signal }),
    via === 'upgrade' || answersDockersPing(channel),
  ]);
  if (workers.length === 0) {
    throw new ConnectError('not-buildkit', `the engine at ${dialer.address} has no worker, so it can build nothing`);
  }
  return new Connection({ dialer, channel, kind: isDocker ? 'docker' : 'buildkit', via, workers });
}

/** Docker answers its own ping on the same connection, and buildkitd doesn't. */
async function answersDockersPing(channel: GrpcChannel): Promise<boolean> {
  const headers = await channel.headersOf('/_ping');
  return headers['api-version'] !== undefined || headers['docker-experimental'] !== undefined;
}

/** Of two failures of two ways the one that knows more. */
function mostTelling(failures: readonly ConnectError[], address: string): ConnectError {
  return (
    failures.find((failure) => failure.code === 'too-old') ??
    failures[0] ??
    new ConnectError('not-buildkit', `nothing at ${address} speaks BuildKit's protocol`)
  );
}
