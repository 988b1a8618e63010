import { join } from 'node:path';
import {
  CredentialsRequest,
  CredentialsResponse,
  FetchTokenRequest,
  FetchTokenResponse,
  GetTokenAuthorityRequest,
  GetTokenAuthorityResponse,
  VerifyTokenAuthorityRequest,
  VerifyTokenAuthorityResponse,
} from '@hlb/proto/auth';
import { GrpcError } from '../grpc/grpc-error.js';
import type { CallHandler } from '../grpc/server.js';
import { unary } from '../grpc/unary.js';
import { type CredentialSource, configKey, type RegistryCredentials } from './credentials.js';
import { dockerConfigFolder, dockerCredentials } from './docker-config.js';
import { fetchToken } from './fetch-token.js';
import { TokenAuthority, TokenSeeds } from './token-authority.js';

/** How a session answers for registries. */
export interface AuthOptions {
  /** Default: Docker's configuration of this user. */
  readonly source?: CredentialSource;
  /** Where the seeds of keys are kept. Default: `.token_seed` in the folder of Docker's configuration. */
  readonly seedFile?: string;
  /** Certificates of authorities that token servers may have beside the system's, PEM, by the registry's host. */
  readonly ca?: (host: string) => string | undefined;
  /** Told what is done for the engine, a line each: `[auth] library/busybox:pull token for registry-1.docker.io`. */
  readonly onProgress?: (line: string) => void;
  /** Default: this process's. `BUILDKIT_NO_CLIENT_TOKEN` makes engines fetch tokens themselves. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How long looked-up credentials are used, in ms: a little less than the shortest that helpers give. */
const LOOKUP_AGE = 290_000;

/** Expiry told for a token that came from the configuration, in s. */
const STATIC_EXPIRY = 60;

/** Serves `moby.filesync.v1.Auth`. Nothing that it says in messages holds a secret. */
export class Auth {
  readonly #options: AuthOptions;
  readonly #source: CredentialSource;
  readonly #seeds: TokenSeeds;
  readonly #closing = new AbortController();
  readonly #lookups = new Map<
    string,
    { readonly until: number; readonly found: Promise<RegistryCredentials | undefined> }
  >();

  constructor(options: AuthOptions) {
    const folder = { ...(options.env ? { env: options.env } : {}) };
    this.#options = options;
    this.#source = options.source ?? dockerCredentials(folder);
    this.#seeds = new TokenSeeds(options.seedFile ?? join(dockerConfigFolder(folder), '.token_seed'));
  }

  readonly handlers: ReadonlyMap<string, CallHandler> = new Map<string, CallHandler>([
    [
      '/moby.filesync.v1.Auth/Credentials',
      unary(CredentialsRequest, CredentialsResponse, async ({ Host: host }) => {
        const { username, secret } = await this.#account(host);
        if (secret !== '') this.#options.onProgress?.(`[auth] sharing credentials for ${host}`);
        return { Username: username, Secret: secret };
      }),
    ],
    [
      '/moby.filesync.v1.Auth/FetchToken',
      unary(
        FetchTokenRequest,
        FetchTokenResponse,
        async (request, call) => await this.#fetchToken(request, call.signal),
      ),
    ],
    [
      '/moby.filesync.v1.Auth/GetTokenAuthority',
      unary(GetTokenAuthorityRequest, GetTokenAuthorityResponse, async ({ Host: host, Salt: salt }) => ({
        PublicKey: (await this.#authority(host, salt)).publicKey,
      })),
    ],
    [
      '/moby.filesync.v1.Auth/VerifyTokenAuthority',
      unary(
        VerifyTokenAuthorityRequest,
        VerifyTokenAuthorityResponse,
        async ({ Host: host, Salt: salt, Payload: payload }) => ({
          Signed: (await this.#authority(host, salt)).sign(payload),
        }),
      ),
    ],
  ]);

  /** Ends credential helpers that still run: a lookup is shared by calls, so that no single one of them may end it. */
  close(): void {
    this.#closing.abort();
  }

  async #fetchToken(request: FetchTokenRequest, signal: AbortSignal): Promise<FetchTokenResponse> {
    const host = request.Host;
    const known = await this.#lookup(host);
    if (known?.registryToken) return response(known.registryToken, STATIC_EXPIRY, 0);
    const { username, secret } = account(known);
    const ca = this.#options.ca?.(host);
    const scopes = request.Scopes.map((scope) => scope.replace(/^repository:/, '')).join(' ');
    this.#options.onProgress?.(`[auth] ${scopes} token for ${host}`);
    try {
      const token = await fetchToken({
        clientId: 'buildkit-client',
        realm: request.Realm,
        service: request.Service,
        scopes: request.Scopes,
        username,
        secret,
        ...(ca === undefined ? {} : { ca }),
        signal,
      });
      return response(token.token, token.expiresIn, token.issuedAt);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new GrpcError('UNKNOWN', `cannot get a token for ${host}: ${reason}`, { cause: error });
    }
  }

  async #authority(host: string, salt: Uint8Array): Promise<TokenAuthority> {
    const env = this.#options.env ?? process.env;
    if (/^(1|t|true)$/i.test(env['BUILDKIT_NO_CLIENT_TOKEN'] ?? '')) {
      throw new GrpcError('UNAVAILABLE', 'client side tokens disabled');
    }
    const { secret } = await this.#account(host);
    return new TokenAuthority(salt, secret === '' ? undefined : await this.#seeds.seed(host));
  }

  async #account(host: string): Promise<{ username: string; secret: string }> {
    return account(await this.#lookup(host));
  }

  async #lookup(host: string): Promise<RegistryCredentials | undefined> {
    const now = performance.now();
    const known = this.#lookups.get(host);
    if (known && now < known.until) return await known.found;
    const found = this.#source.credentials(configKey(host), this.#closing.signal);
    this.#lookups.set(host, { until: now + LOOKUP_AGE, found });
    try {
      return await found;
    } catch (error) {
      this.#lookups.delete(host);
      const reason = error instanceof Error ? error.message : String(error);
      throw new GrpcError('UNKNOWN', `cannot look up credentials for ${host}: ${reason}`, { cause: error });
    }
  }
}

function account(known: RegistryCredentials | undefined): { username: string; secret: string } {
  if (known?.identityToken) return { username: '', secret: known.identityToken };
  return { username: known?.username ?? '', secret: known?.password ?? '' };
}

function response(token: string, expiresIn: number, issuedAt: number): FetchTokenResponse {
  return { Token: token, ExpiresIn: BigInt(expiresIn), IssuedAt: BigInt(issuedAt) };
}
