import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ENVIRONMENT } from '../../arguments/engine-forms.js';
import { checkArguments, fields, optional, SIGNAL, TEXT } from '../../arguments/forms.js';
import { errnoOf } from '../transfer-error.js';
import { askHelper } from './credential-helper.js';
import type { CredentialSource, RegistryCredentials } from './credentials.js';

/** Where Docker's configuration is. */
export interface DockerConfigOptions {
  /** The folder of `config.json`. Default: `DOCKER_CONFIG`, else `~/.docker`. */
  readonly folder?: string;
  /** Default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The folder of Docker's configuration of this user. */
export function dockerConfigFolder(options: DockerConfigOptions = {}): string {
  const env = options.env ?? process.env;
  return options.folder ?? (env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker'));
}

/** Credentials as Docker's clients find them: `config.json`, credential helpers and stores. */
export function dockerCredentials(options: DockerConfigOptions = {}): CredentialSource {
  checkArguments('dockerCredentials', {
    options: [options, fields({ folder: optional(TEXT), env: optional(ENVIRONMENT) })],
  });
  return {
    async credentials(host, signal) {
      checkArguments('credentials', { host: [host, TEXT], signal: [signal, optional(SIGNAL)] });
      const config = await readConfig(join(dockerConfigFolder(options), 'config.json'));
      const helper = helperOf(config, host);
      if (helper === undefined) return storedIn(config, host);
      return await askHelper(helper, host, options.env ?? process.env, signal);
    },
  };
}

type Json = Readonly<Record<string, unknown>>;

async function readConfig(path: string): Promise<Json> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return {};
    throw new Error(`cannot read Docker's configuration ${path}`, { cause: error });
  }
  try {
    return object(JSON.parse(text));
  } catch {
    // The parser's own message would show a piece of the file.
    throw new Error(`Docker's configuration ${path} is not valid JSON`);
  }
}

/** `credHelpers` name a helper for one host, `credsStore` for all others. */
function helperOf(config: Json, host: string): string | undefined {
  return text(object(config['credHelpers'])[host]) || text(config['credsStore']) || undefined;
}

function storedIn(config: Json, host: string): RegistryCredentials | undefined {
  const auths = object(config['auths']);
  // Keys may be URLs, as old clients wrote them.
  const key = host in auths ? host : Object.keys(auths).find((candidate) => hostOf(candidate) === hostOf(host));
  if (key === undefined) return undefined;
  const entry = object(auths[key]);
  const [username = '', password = ''] = splitAuth(text(entry['auth']));
  const identityToken = text(entry['identitytoken']);
  const registryToken = text(entry['registrytoken']);
  return {
    username: username || text(entry['username']),
    password: password || text(entry['password']),
    ...(identityToken ? { identityToken } : {}),
    ...(registryToken ? { registryToken } : {}),
  };
}

/** `user:password` in base64; the password may have colons. */
function splitAuth(auth: string): readonly string[] {
  const decoded = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  return colon < 0 ? [] : [decoded.slice(0, colon), decoded.slice(colon + 1)];
}

function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/s, '');
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
