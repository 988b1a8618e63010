import { type HttpRequest, type HttpResponse, httpRequest } from './http-request.js';

/** What the registry's challenge said, and who asks. */
export interface TokenRequest {
  readonly clientId: string;
  readonly realm: string;
  readonly service: string;
  readonly scopes: readonly string[];
  /** Empty together with a secret: the secret is an identity token. */
  readonly username: string;
  /** Empty: anonymous. */
  readonly secret: string;
  /** Certificates of authorities to trust beside the system's, PEM. */
  readonly ca?: string;
  readonly signal: AbortSignal;
}

export interface Token {
  readonly token: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** Seconds since 1970; 0 if the server doesn't say. */
  readonly issuedAt: number;
}

/** How long a token lasts if the server doesn't say, in s, by the distribution specification. */
const DEFAULT_EXPIRY = 60;

/** Hops from one address to another that are followed. */
const MAX_REDIRECTS = 5;

/** Thrown for a status of the token server that isn't success. */
export class UnexpectedStatus extends Error {
  readonly status: number;
  constructor(method: string, url: URL, status: number) {
    super(`the token server ${url.origin}${url.pathname} answered ${method} with status ${status}`);
    this.status = status;
  }
}

/**
 * Gets a bearer token from a registry's token server: with a secret by OAuth 2 (POST), falling back to the older GET with Basic
 * authentication where servers don't know it; without one by GET. Messages never hold the secret or the token.
 */
export async function fetchToken(request: TokenRequest): Promise<Token> {
  if (request.secret === '') return await byGet(request);
  try {
    return await byPost(request);
  } catch (error) {
    if (!(error instanceof UnexpectedStatus)) throw error;
    const { status } = error;
    // Some servers answer 404 to POST, others 401; 405 is what the standard asks for.
    const unknown = status === 404 || status === 401 || (status === 405 && request.username !== '');
    if (!unknown) throw error;
    return await byGet(request);
  }
}

async function byPost(request: TokenRequest): Promise<Token> {
  const form = new URLSearchParams({
    client_id: request.clientId,
    scope: request.scopes.join(' '),
    service: request.service,
  });
  if (request.username === '') {
    form.set('grant_type', 'refresh_token');
    form.set('refresh_token', request.secret);
  } else {
    form.set('grant_type', 'password');
    form.set('username', request.username);
    form.set('password', request.secret);
  }
  const url = parseRealm(request.realm);
  const response = await httpRequest({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: form.toString(),
    ...(request.ca === undefined ? {} : { ca: request.ca }),
    signal: request.signal,
  });
  if (response.status < 200 || response.status >= 400) throw new UnexpectedStatus('POST', url, response.status);
  return parseToken(response, url, ['access_token']);
}

async function byGet(request: TokenRequest): Promise<Token> {
  const url = parseRealm(request.realm);
  if (request.service !== '') url.searchParams.append('service', request.service);
  for (const scope of request.scopes) url.searchParams.append('scope', scope);
  const headers: Record<string, string> = {};
  if (request.secret !== '') {
    headers['authorization'] = `Basic ${Buffer.from(`${request.username}:${request.secret}`).toString('base64')}`;
  }
  const response = await follow({
    method: 'GET',
    url,
    headers,
    ...(request.ca === undefined ? {} : { ca: request.ca }),
    signal: request.signal,
  });
  if (response.status < 200 || response.status >= 400) throw new UnexpectedStatus('GET', url, response.status);
  return parseToken(response, url, ['token', 'access_token']);
}

/** Credentials go to the first server only. */
async function follow(first: HttpRequest): Promise<HttpResponse> {
  let request = first;
  for (let hops = 0; ; hops++) {
    const response = await httpRequest(request);
    if (![301, 302, 303, 307, 308].includes(response.status) || response.location === undefined) return response;
    if (hops === MAX_REDIRECTS) throw new Error(`the token server ${first.url.origin} redirects too often`);
    const url = new URL(response.location, request.url);
    request = { ...request, url, headers: url.origin === first.url.origin ? request.headers : {} };
  }
}

function parseRealm(realm: string): URL {
  try {
    return new URL(realm);
  } catch {
    throw new Error(`the registry names ${JSON.stringify(realm)} as its token server, which is not a URL`);
  }
}

function parseToken(response: HttpResponse, url: URL, names: readonly string[]): Token {
  let fields: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(response.body);
    if (typeof parsed === 'object' && parsed !== null) fields = Object.fromEntries(Object.entries(parsed));
  } catch {
    throw new Error(`the token server ${url.origin}${url.pathname} did not answer in JSON`);
  }
  const token = names
    .map((name) => fields[name])
    .find((value): value is string => typeof value === 'string' && value !== '');
  if (token === undefined) throw new Error(`the token server ${url.origin}${url.pathname} gave no token`);
  const expiresIn = Number(fields['expires_in'] ?? 0);
  const issuedAt = Date.parse(String(fields['issued_at'] ?? ''));
  return {
    token,
    expiresIn: Number.isFinite(expiresIn) && expiresIn > 0 ? Math.floor(expiresIn) : DEFAULT_EXPIRY,
    issuedAt: Number.isNaN(issuedAt) ? 0 : Math.floor(issuedAt / 1000),
  };
}
