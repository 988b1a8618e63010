import { execFileSync } from 'node:child_process';
import { createPrivateKey, createSign, randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { listenLocally } from './listen-locally.js';

/** What somebody asked a token server for. */
export interface TokenRequest {
  readonly method: string;
  /** `password`, `refresh_token`; `basic` of the older GET, `none` without a login. */
  readonly grant: string;
  /** `repository:NAME:ACTIONS`, as they were asked for. */
  readonly scopes: readonly string[];
  readonly granted: boolean;
}

/** A token server of a registry that checks what it signs. */
export interface TokenServer {
  readonly asked: readonly TokenRequest[];
  /** The section `auth` of the registry's configuration. */
  readonly auth: Readonly<Record<string, unknown>>;
}

/** The account that may do everything, with the password `pw` or the token that stands for both. */
export const account = { username: 'me', password: 'pw', refreshToken: 'stands-for-me' } as const;

/** Longer than any test (s). */
const EXPIRES_IN = 600;

/**
 * Starts a token server after the registry specification: POST with OAuth 2, GET with Basic authentication, and tokens that are
 * signed with a key of its own (ES256), whose certificate the registry gets.
 * @param folder where its key is put
 */
export async function startTokenServer(folder: string): Promise<TokenServer> {
  const { key, certificate } = makeKey(folder);
  const asked: TokenRequest[] = [];
  const server = createServer(async (request, response) => {
    const { grant, scopes } = await read(request);
    const granted = grant !== 'refused' && grant !== 'none';
    asked.push({ method: request.method ?? '', grant, scopes, granted });
    const token = granted ? signed(scopes) : '';
    const body = { access_token: token, token, expires_in: EXPIRES_IN, issued_at: new Date().toISOString() };
    response.writeHead(granted ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(granted ? body : { errors: [{ code: 'UNAUTHORIZED' }] }));
  });
  const signed = (scopes: readonly string[]): string => {
    const now = Math.floor(Date.now() / 1000);
    const access = scopes.map((scope) => {
      const [type, name, actions = ''] = scope.split(':');
      return { type, name, actions: actions.split(',') };
    });
    const times = { nbf: now - 10, iat: now, exp: now + EXPIRES_IN };
    const claims = { iss: 'tests', sub: account.username, aud: 'private', ...times, jti: randomUUID(), access };
    const head = { typ: 'JWT', alg: 'ES256', x5c: [certificate.toString('base64')] };
    const text = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = createSign('sha256').update(text).sign({ key, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  };
  const host = await listenLocally(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const rootcertbundle = join(folder, 'token.pem');
  return {
    asked,
    auth: { token: { realm: `http://${host}/token`, service: 'private', issuer: 'tests', rootcertbundle } },
  };
}

function makeKey(folder: string): { readonly key: ReturnType<typeof createPrivateKey>; readonly certificate: Buffer } {
  const [keyFile, certFile] = [join(folder, 'token.key'), join(folder, 'token.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=tests'];
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', keyFile, '-out', certFile], { stdio: 'pipe' });
  const certificate = new X509Certificate(readFileSync(certFile)).raw;
  return { key: createPrivateKey(readFileSync(keyFile)), certificate };
}

async function read(request: IncomingMessage): Promise<{ readonly grant: string; readonly scopes: readonly string[] }> {
  if (request.method === 'POST') {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    const grant = form.get('grant_type') ?? '';
    const right =
      grant === 'refresh_token'
        ? form.get('refresh_token') === account.refreshToken
        : form.get('username') === account.username && form.get('password') === account.password;
    return { grant: right ? grant : 'refused', scopes };
  }
  const scopes = new URL(request.url ?? '/', 'http://localhost').searchParams
    .getAll('scope')
    .flatMap((one) => one.split(' '));
  const { authorization } = request.headers;
  if (authorization === undefined) return { grant: 'none', scopes };
  return { grant: authorization === `Basic ${login()}` ? 'basic' : 'refused', scopes };
}

/** `user:password` in base64, as Docker's configuration and HTTP have it. */
export function login(password: string = account.password): string {
  return Buffer.from(`${account.username}:${password}`).toString('base64');
}
