import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ENVIRONMENT } from '../arguments/engine-forms.js';
import { checkArguments } from '../arguments/forms.js';
import { ConnectError } from '../connect/connect-error.js';
import { parseJson, record, text } from '../errors/foreign-json.js';
import { dockerConfigFolder } from '../session/auth/docker-config.js';
import type { TlsFiles } from './tls.js';

/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A Docker context that names an engine. */
export interface DockerContext {
  readonly name: string;
  readonly host: string;
  readonly tls?: TlsFiles;
}

/**
 * The current context, chosen as Docker's own client does: `DOCKER_CONTEXT`, else `currentContext` of its configuration.
 * `undefined` for the context `default`, which stands for `DOCKER_HOST` and the usual socket.
 * @throws ConnectError `bad-context` for one that is chosen and not there, or can't be read
 */
export async function currentDockerContext(env: Environment): Promise<DockerContext | undefined> {
  checkArguments('currentDockerContext', { env: [env, ENVIRONMENT] });
  const folder = dockerConfigFolder({ env });
  const chosen = env['DOCKER_CONTEXT'];
  const name = chosen === undefined || chosen === '' ? await configuredContext(folder) : chosen;
  return name === '' || name === 'default' ? undefined : readContext(folder, name);
}

async function configuredContext(folder: string): Promise<string> {
  const config = await readOptional(join(folder, 'config.json'));
  return text(record(parseJson(config ?? ''))['currentContext']);
}

async function readContext(folder: string, name: string): Promise<DockerContext> {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = await readOptional(join(folder, 'contexts', 'meta', id, 'meta.json'));
  if (meta === undefined) {
    throw new ConnectError(
      'bad-context',
      `the Docker context ${JSON.stringify(name)} does not exist in ${folder}`,
      'Choose another with `docker context use`, or set DOCKER_HOST.',
    );
  }
  const endpoint = record(record(record(parseJson(meta))['Endpoints'])['docker']);
  const host = text(endpoint['Host']);
  if (host === '') {
    throw new ConnectError(
      'bad-context',
      `the Docker context ${JSON.stringify(name)} names no engine`,
      'Set DOCKER_HOST.',
    );
  }
  const tls = await contextTls(join(folder, 'contexts', 'tls', id, 'docker'), endpoint['SkipTLSVerify'] === true);
  return { name, host, ...(tls === undefined ? {} : { tls }) };
}

/** What TLS material a context brings; each of the three files may be missing. */
async function contextTls(folder: string, skipVerify: boolean): Promise<TlsFiles | undefined> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => existing(join(folder, name))),
  );
  if (ca === undefined && cert === undefined && key === undefined) return skipVerify ? { verify: false } : undefined;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    verify: !skipVerify,
  };
}

async function existing(path: string): Promise<string | undefined> {
  return access(path).then(
    () => path,
    () => undefined,
  );
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR'))
      return undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectError('bad-context', `Docker's configuration can't be read: ${why}`, '', { cause });
  }
}
