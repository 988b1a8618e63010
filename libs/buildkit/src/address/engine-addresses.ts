import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ENVIRONMENT, TLS_FILES } from '../arguments/engine-forms.js';
import { checkArguments, fields, optional, TEXT } from '../arguments/forms.js';
import { dockerConfigFolder } from '../session/auth/docker-config.js';
import { currentDockerContext, type Environment } from './docker-context.js';
import { type TlsFiles, tlsFolder } from './tls.js';

/** An address at which an engine may be, and why. */
export interface EngineCandidate {
  readonly address: string;
  /** What named it, for messages: `the option`, `BUILDKIT_HOST`, `the Docker context "x"`, … */
  readonly origin: string;
  /** Whether someone asked for it: then no other is tried. */
  readonly chosen: boolean;
  /** What is expected to answer; either is accepted. */
  readonly expect: 'buildkit' | 'docker' | 'either';
  readonly tls?: TlsFiles;
}

export interface EngineAddressOptions {
  /** An address that the user gave. */
  readonly address?: string | undefined;
  /** TLS for it, and for `BUILDKIT_HOST`. */
  readonly tls?: TlsFiles | undefined;
  /** The environment; this process's own by default. */
  readonly env?: Environment;
}

/**
 * Where to look for an engine, in order: the address given, `BUILDKIT_HOST`, `DOCKER_HOST`, the current Docker context, and at
 * last the usual sockets, of which only those that exist are listed. As soon as one was chosen by somebody, it is the only one.
 * @throws ConnectError `bad-context`
 */
export async function engineAddresses(options: EngineAddressOptions = {}): Promise<readonly EngineCandidate[]> {
  checkArguments('engineAddresses', {
    options: [options, fields({ address: optional(TEXT), tls: optional(TLS_FILES), env: optional(ENVIRONMENT) })],
  });
  const { address, tls, env = process.env } = options;
  const withTls = tls === undefined ? {} : { tls };
  if (address !== undefined && address !== '') {
    return [{ address, origin: 'the address given', chosen: true, expect: 'either', ...withTls }];
  }
  const buildkitHost = env['BUILDKIT_HOST'];
  if (buildkitHost !== undefined && buildkitHost !== '') {
    return [{ address: buildkitHost, origin: 'BUILDKIT_HOST', chosen: true, expect: 'either', ...withTls }];
  }
  const dockerHost = env['DOCKER_HOST'];
  if (dockerHost !== undefined && dockerHost !== '') {
    const dockerTls = tlsOfDockerHost(env);
    const material = dockerTls === undefined ? {} : { tls: dockerTls };
    return [{ address: dockerHost, origin: 'DOCKER_HOST', chosen: true, expect: 'docker', ...material }];
  }
  const context = await currentDockerContext(env);
  if (context !== undefined) {
    const material = context.tls === undefined ? {} : { tls: context.tls };
    const origin = `the Docker context ${JSON.stringify(context.name)}`;
    return [{ address: context.host, origin, chosen: true, expect: 'docker', ...material }];
  }
  const present = await Promise.all(
    usualSockets(env).map(async (socket) => ((await exists(socket.path)) ? socket : undefined)),
  );
  return present.flatMap((socket) =>
    socket === undefined
      ? []
      : [{ address: `unix://${socket.path}`, origin: 'a usual socket', chosen: false, expect: socket.expect }],
  );
}

/** The sockets at which engines usually listen, in the order in which they are tried. */
export function usualSockets(
  env: Environment,
): readonly { readonly path: string; readonly expect: 'buildkit' | 'docker' }[] {
  checkArguments('usualSockets', { env: [env, ENVIRONMENT] });
  const home = env['HOME'];
  const runtime = env['XDG_RUNTIME_DIR'];
  const rootless = runtime === undefined || runtime === '' ? [] : [runtime];
  return [
    { path: '/run/buildkit/buildkitd.sock', expect: 'buildkit' },
    ...rootless.map((folder) => ({ path: join(folder, 'buildkit', 'buildkitd.sock'), expect: 'buildkit' as const })),
    { path: '/var/run/docker.sock', expect: 'docker' },
    ...rootless.map((folder) => ({ path: join(folder, 'docker.sock'), expect: 'docker' as const })),
    // Docker Desktop's own, where the link to it at the place above was not wanted.
    ...(home === undefined || home === ''
      ? []
      : [{ path: join(home, '.docker/run/docker.sock'), expect: 'docker' as const }]),
  ];
}

/** `DOCKER_TLS_VERIFY` and `DOCKER_TLS` turn TLS on; its files are in `DOCKER_CERT_PATH`, else in Docker's configuration folder. */
function tlsOfDockerHost(env: Environment): TlsFiles | undefined {
  const verify = (env['DOCKER_TLS_VERIFY'] ?? '') !== '';
  if (!verify && (env['DOCKER_TLS'] ?? '') === '') return undefined;
  const folder = env['DOCKER_CERT_PATH'];
  return tlsFolder(folder === undefined || folder === '' ? dockerConfigFolder({ env }) : folder, verify);
}

/** Whether something is there, or may be: a folder that this user may not look into counts as such. */
async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: unknown) =>
      !(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')),
  );
}
