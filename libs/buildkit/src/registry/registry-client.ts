import type { ImageReference } from '@hlb/llb';
import { type CredentialSource, configKey, type RegistryCredentials } from '../session/auth/credentials.js';
import { fetchToken, UnexpectedStatus } from '../session/auth/fetch-token.js';
import { type Challenge, readChallenge } from './challenge.js';
import { type HttpAnswer, httpGet } from './http-get.js';

/** A registry that can't be read. The message is a sentence for the user. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
}

export interface RegistryOptions {
  /** Where credentials come from; without it only what needs none can be read. */
  readonly credentials?: CredentialSource | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** As Docker's clients call themselves to token servers. */
const CLIENT_ID = 'buildkit-client';

/** Where Docker Hub's images are. */
const HUB_HOST = 'registry-1.docker.io';

/** Reads from the repository of one image. */
export class RegistryClient {
  readonly #reference: ImageReference;
  readonly #host: string;
  readonly #options: RegistryOptions;
  #scheme: 'http' | 'https';
  #authorization: Promise<string> | undefined;

  constructor(reference: ImageReference, options: RegistryOptions = {}) {
    this.#reference = reference;
    this.#host = reference.domain === 'docker.io' ? HUB_HOST : reference.domain;
    this.#options = options;
    // Registries of this machine speak plain HTTP, as engines expect them to.
    this.#scheme = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(this.#host) ? 'http' : 'https';
  }

  /**
   * @param path below the repository: `manifests/latest`, `blobs/sha256:…`
   * @param limit the most that is read (bytes)
   * @returns `undefined` where the registry has no such thing
   * @throws RegistryError
   */
  async get(path: string, accept: string, limit: number): Promise<HttpAnswer | undefined> {
    const answer = await this.#answered(path, accept, limit);
    switch (answer.status) {
      case 200:
        return answer;
      case 404:
        return undefined;
      case 401:
      case 403:
        throw this.#refused();
      default:
        throw new RegistryError(`the registry ${this.#host} answered with HTTP status ${answer.status}`);
    }
  }

  #refused(cause?: unknown): RegistryError {
    const message = `the registry ${this.#host} does not let this user read ${this.#reference.path}`;
    return new RegistryError(message, { cause });
  }

  async #answered(path: string, accept: string, limit: number): Promise<HttpAnswer> {
    const known = await this.#authorization;
    const first = await this.#send(path, accept, limit, known);
    if (first.status === 400 && this.#scheme === 'http' && /HTTPS server/i.test(first.body.toString('latin1'))) {
      this.#scheme = 'https';
      return this.#answered(path, accept, limit);
    }
    if (first.status !== 401 || known !== undefined) return first;
    const challenge = readChallenge(first.headers['www-authenticate']);
    if (challenge === undefined) return first;
    this.#authorization ??= this.#authorize(challenge);
    return this.#send(path, accept, limit, await this.#authorization);
  }

  async #send(path: string, accept: string, limit: number, authorization: string | undefined): Promise<HttpAnswer> {
    const url = new URL(`${this.#scheme}://${this.#host}/v2/${this.#reference.path}/${path}`);
    const headers = { accept, ...(authorization === undefined ? {} : { authorization }) };
    try {
      return await httpGet({ url, headers, limit, signal: this.#options.signal });
    } catch (cause) {
      this.#options.signal?.throwIfAborted();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new RegistryError(`the registry ${this.#host} can't be read: ${why}`, { cause });
    }
  }

  async #authorize(challenge: Challenge): Promise<string> {
    const found = await this.#options.credentials?.credentials(configKey(this.#host));
    if (challenge.scheme === 'basic') return basic(found);
    if (found?.registryToken !== undefined && found.registryToken !== '') return `Bearer ${found.registryToken}`;
    const identity = found?.identityToken !== undefined && found.identityToken !== '';
    try {
      const { token } = await fetchToken({
        clientId: CLIENT_ID,
        realm: challenge.realm,
        service: challenge.service,
        scopes: challenge.scopes.length > 0 ? challenge.scopes : [`repository:${this.#reference.path}:pull`],
        username: identity ? '' : (found?.username ?? ''),
        secret: (identity ? found?.identityToken : found?.password) ?? '',
        signal: this.#options.signal ?? new AbortController().signal,
      });
      return `Bearer ${token}`;
    } catch (cause) {
      this.#options.signal?.throwIfAborted();
      if (cause instanceof UnexpectedStatus && (cause.status === 401 || cause.status === 403))
        throw this.#refused(cause);
      throw new RegistryError(cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }
}

function basic(found: RegistryCredentials | undefined): string {
  return `Basic ${Buffer.from(`${found?.username ?? ''}:${found?.password ?? ''}`).toString('base64')}`;
}
