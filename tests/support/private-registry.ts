import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { purgeRegistry, pushBaseImage, startRegistry, stopRegistry } from '@hlb/engine/testing';
import { onTestFinished } from 'vitest';
import { testPackages } from './engine-global-setup.js';
import { listenLocally } from './listen-locally.js';
import { login, startTokenServer, type TokenRequest } from './token-server.js';

/** What a registry was asked, and what it answered. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly status: number;
}

/** A registry that lets in `me` with the password `pw` alone. */
export interface PrivateRegistry {
  /** What names of images begin with: `localhost:PORT`. */
  readonly host: string;
  readonly seen: readonly SeenRequest[];
  /** What its token server was asked; empty with basic authentication. */
  readonly tokens: readonly TokenRequest[];
  /** Lets each token count for so many requests from now on; the registry refuses it then as it does an expired one. */
  expireAfter(requests: number): void;
  /** Reads with the account's own rights: `NAME/manifests/TAG`, `NAME/tags/list`. */
  get(path: string): Promise<Response>;
}

/** `pw` by bcrypt: `perl -e 'print crypt("pw", "\$2y\$05\$abcdefghijklmnopqrstuu")'`. */
const PASSWORD_HASH = '$2y$05$abcdefghijklmnopqrstuuHIrMEWpUCQe2YqFR3sXwQ75u4od..9q';

const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/**
 * Starts a private registry of its own for one test: the real program, which checks logins and tokens itself, behind a proxy
 * that writes down what is asked.
 * @param content `base`: the image `base` is in it from the beginning
 */
export async function privateRegistry(
  kind: 'basic' | 'token',
  content: { readonly base?: boolean } = {},
): Promise<PrivateRegistry> {
  const dir = mkdtempSync(join(tmpdir(), 'private-registry-'));
  const path = join(dir, 'htpasswd');
  writeFileSync(path, `me:${PASSWORD_HASH}\n`);
  const tokenServer = kind === 'token' ? await startTokenServer(dir) : undefined;
  const auth = tokenServer?.auth ?? { htpasswd: { realm: 'private', path } };
  const packages = testPackages();
  if (content.base === true) {
    await pushBaseImage(await startRegistry({ dir, packages }));
    await stopRegistry({ dir });
  }
  const upstream = await startRegistry({ dir, auth, packages });
  const seen: SeenRequest[] = [];
  const uses = new Map<string, number>();
  let limit = Number.POSITIVE_INFINITY;
  /** A token that counts no more becomes one that never counted: the registry's own answer to that is what is wanted. */
  const valid = (authorization: string | undefined): string | undefined => {
    if (authorization === undefined) return undefined;
    const count = (uses.get(authorization) ?? 0) + 1;
    uses.set(authorization, count);
    return count > limit ? 'Bearer expired' : authorization;
  };
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    forward(request, response, { url: upstream.url, authorization: valid(authorization) }, (status) => {
      seen.push({ method: request.method ?? '', path: request.url ?? '', authorization, status });
    });
  });
  const host = await listenLocally(server);
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await purgeRegistry({ dir });
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    host,
    seen,
    tokens: tokenServer?.asked ?? [],
    expireAfter(requests) {
      uses.clear();
      limit = requests;
    },
    get: (name) => readAsOwner(upstream.url, name),
  };
}

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  to: { readonly url: string; readonly authorization: string | undefined },
  onAnswer: (status: number) => void,
): void {
  const { authorization: _, ...others } = request.headers;
  const headers = to.authorization === undefined ? others : { ...others, authorization: to.authorization };
  const sent = send(
    new URL(request.url ?? '/', to.url),
    { method: request.method, headers, agent: false },
    (answer) => {
      onAnswer(answer.statusCode ?? 0);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  sent.on('error', () => response.destroy());
  request.pipe(sent);
}

async function readAsOwner(url: string, path: string): Promise<Response> {
  const accept = MANIFESTS.join(', ');
  const first = await fetch(`${url}/v2/${path}`, { headers: { accept, authorization: `Basic ${login()}` } });
  const [, realm, service, scope] =
    /^Bearer realm="([^"]*)",service="([^"]*)",scope="([^"]*)"/.exec(first.headers.get('www-authenticate') ?? '') ?? [];
  if (realm === undefined) return first;
  const query = new URLSearchParams({ service: service ?? '', scope: scope ?? '' });
  const answer = await fetch(`${realm}?${query}`, { headers: { authorization: `Basic ${login()}` } });
  const { token }: { token: string } = JSON.parse(await answer.text());
  return fetch(`${url}/v2/${path}`, { headers: { accept, authorization: `Bearer ${token}` } });
}

/**
 * Writes a `config.json` of Docker's into a folder of the test's own.
 * @returns the environment of a client that reads it
 */
export function dockerConfig(config: unknown): NodeJS.ProcessEnv {
  const folder = mkdtempSync(join(tmpdir(), 'docker-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  return { ...process.env, DOCKER_CONFIG: folder };
}

/** Docker's configuration as `docker login` of a registry leaves it. */
export function loggedIn(host: string, password?: string): NodeJS.ProcessEnv {
  return dockerConfig({ auths: { [host]: { auth: login(password) } } });
}

/** Puts a credential helper beside a configuration: it answers with an account, or with a token that stands for one. */
export function credentialHelper(
  env: NodeJS.ProcessEnv,
  answer: { Username: string; Secret: string },
): NodeJS.ProcessEnv {
  const bin = join(env['DOCKER_CONFIG'] ?? '', 'bin');
  mkdirSync(bin);
  const said = JSON.stringify({ ServerURL: '', ...answer });
  writeFileSync(join(bin, 'docker-credential-tests'), `#!/bin/sh\ncat >/dev/null\necho '${said}'\n`, { mode: 0o755 });
  return { ...env, PATH: `${bin}:${env['PATH'] ?? ''}` };
}
