import {
  type Connection,
  type ConnectOptions,
  type ContentStore,
  connect,
  connectFirst,
  dockerCredentials,
  type Environment,
  engineAddresses,
  type Gateway,
  openGateway,
  openSession,
  type Session,
  type StatusUpdate,
} from '@hlb/buildkit';
import type { EngineFacts } from '@hlb/facts';
import { hostPlatform, type Platform } from '@hlb/llb';
import { openLocalCaches } from '../settings/local-caches.js';
import { requirePolicies } from '../settings/require-policies.js';
import { commonOptions, type SolveSettings } from '../settings/solve-settings.js';
import { engineFacts, type RetryListener } from './engine-facts.js';

export interface OpenBuildOptions extends ConnectOptions {
  /**
   * `unix://…`, `tcp://…`, …: see `@hlb/buildkit`. Without one: `BUILDKIT_HOST`, `DOCKER_HOST`, the current Docker context, the
   * usual sockets.
   */
  readonly address?: string;
  /** Where those variables are looked up; this process's own environment by default. */
  readonly env?: Environment;
  /** A connection that is open already; it stays open when the build is closed, unless `closesConnection`. */
  readonly connection?: Connection;
  readonly closesConnection?: boolean;
  /**
   * A key of this client that stays the same between runs, so that the engine finds what it was sent before. By default one for
   * all builds: the names of what is sent tell directories apart.
   */
  readonly sharedKey?: string;
  /** Told of a question to a registry that is asked once more, since a registry or a network failed in a way that often passes. */
  readonly onRetry?: RetryListener;
  /** Caches, attestations and what else holds for all solves of the build. */
  readonly settings?: SolveSettings;
}

/** Hears what the engine tells of the work that facts and frontends cause. */
export type NewsListener = (news: StatusUpdate, ref: string) => void;

/** Something that runs on a build's engine. */
export interface Running {
  /** Settles when nothing of it runs any more. */
  readonly settled: Promise<unknown>;
  /** Ends it. */
  cancel(): void;
}

/**
 * Opens what a build needs of an engine: the connection, and the one session, first and once. Its id goes into every local of
 * the build; frontends and solves share it.
 * @throws ConnectError when there is no such engine, SolveError when it can't do what the settings ask, or the reason of the signal
 */
export async function openBuild(options: OpenBuildOptions = {}): Promise<Build> {
  const connection = options.connection ?? (await findEngine(options));
  const owned = options.connection === undefined || options.closesConnection === true;
  try {
    const env = options.env ?? process.env;
    const session = await openSession(connection, {
      sharedKey: options.sharedKey ?? 'hlb',
      name: 'hlb',
      auth: { env },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const { settings, stores, notices } = await openLocalCaches(options.settings ?? {});
    const build = new Build(connection, session, { owned, env, onRetry: options.onRetry, settings, stores, notices });
    if (settings.sourcePolicy !== undefined) await requirePolicies(build);
    return build;
  } catch (error) {
    if (owned) await connection.close();
    throw error;
  }
}

async function findEngine(options: OpenBuildOptions): Promise<Connection> {
  const { address, env, tls } = options;
  if (address !== undefined) return connect(address, options);
  return connectFirst(await engineAddresses({ tls, ...(env === undefined ? {} : { env }) }), options);
}

interface BuildOptions {
  readonly owned: boolean;
  readonly env: Environment;
  readonly onRetry?: RetryListener | undefined;
  readonly settings?: SolveSettings;
  readonly stores?: readonly ContentStore[];
  readonly notices?: readonly string[];
}

/** A connection with its session, for one compile and the execution of its plan. Closed by who opened it. */
export class Build {
  readonly connection: Connection;
  readonly session: Session;
  /** What the engine and its registries know, each asked once. */
  readonly facts: EngineFacts;
  /** Settles when the engine is gone, the connection or the session is lost: with why; with `undefined` after {@link close}. */
  readonly closed: Promise<Error | undefined>;
  readonly env: Environment;
  readonly settings: SolveSettings;
  /** What should be known of the settings, a sentence each. */
  readonly notices: readonly string[];
  readonly #stores: readonly ContentStore[];
  readonly #owned: boolean;
  readonly #gateways = new Map<string, Promise<Gateway>>();
  readonly #listeners = new Set<NewsListener>();
  readonly #running = new Set<Running>();
  readonly #stop = new AbortController();
  #closing: Promise<void> | undefined;

  /**
   * @param options.owned whether closing the build closes the connection
   * @param options.env where the user's SSH agent is looked up
   * @param options.onRetry as of {@link openBuild}
   * @param options.stores what sessions serve for local caches
   */
  constructor(connection: Connection, session: Session, options: BuildOptions = { owned: true, env: process.env }) {
    this.env = options.env;
    this.settings = options.settings ?? {};
    this.notices = options.notices ?? [];
    this.#stores = options.stores ?? [];
    for (const store of this.#stores) session.addContentStore(store);
    this.connection = connection;
    this.session = session;
    this.#owned = options.owned;
    const [platform] = connection.workers[0]?.platforms ?? [];
    this.facts = engineFacts({
      gateway: () => this.gateway(),
      platform: platform === undefined ? hostPlatform() : readPlatform(platform),
      credentials: dockerCredentials({ env: options.env }),
      signal: this.#stop.signal,
      onRetry: options.onRetry ?? (() => undefined),
    });
    this.closed = Promise.race([connection.closed, session.closed]).then((error) =>
      this.#closing === undefined ? (error ?? new Error('the engine ended the session')) : undefined,
    );
  }

  get sessionId(): string {
    return this.session.id;
  }

  /** The engine as messages name it. */
  get engine(): string {
    return this.connection.address;
  }

  /**
   * The build on the engine in which this client takes a frontend's part, opened when it is first asked for and then kept: one for
   * each set of entitlements, since these are granted to a build as a whole.
   */
  gateway(entitlements: readonly string[] = [], signal?: AbortSignal): Promise<Gateway> {
    signal?.throwIfAborted();
    const key = [...entitlements].sort().join(' ');
    let gateway = this.#gateways.get(key);
    if (gateway === undefined) {
      const request = { session: this.session.id, entitlements, internal: true, ...commonOptions(this.settings) };
      gateway = openGateway(this.connection, request);
      gateway.then(
        (opened) => this.#hear(opened),
        () => this.#gateways.delete(key),
      );
      this.#gateways.set(key, gateway);
    }
    return gateway;
  }

  /** Another session, for what a solve sends back while this one awaits something else: it answers for registries, too. */
  async openSibling(signal: AbortSignal): Promise<Session> {
    const session = await openSession(this.connection, { name: 'hlb', auth: { env: this.env }, signal });
    for (const store of this.#stores) session.addContentStore(store);
    return session;
  }

  /** Tells of the news of all gateways. Gives the function that ends it. */
  onNews(listener: NewsListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lets {@link close} end what runs, and wait for its end. */
  track(running: Running): void {
    this.#running.add(running);
    const forget = (): unknown => this.#running.delete(running);
    running.settled.then(forget, forget);
  }

  /** Ends everything and leaves no handle behind. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #hear(gateway: Gateway): Promise<void> {
    try {
      for await (const news of gateway.updates) for (const listener of this.#listeners) listener(news, gateway.ref);
    } catch {
      // The connection is lost: whoever waits for an answer hears of it.
    }
  }

  async #close(): Promise<void> {
    this.#stop.abort(new Error('the build was closed'));
    const running = [...this.#running];
    for (const one of running) one.cancel();
    await Promise.allSettled(running.map((one) => one.settled));
    // What still runs in a gateway is cancelled by its end; a connection that is lost has no end to wait for.
    await Promise.all(
      [...this.#gateways.values()].map((opening) => opening.then((gateway) => gateway.close()).catch(() => undefined)),
    );
    await this.session.close();
    if (this.#owned) await this.connection.close();
  }
}

function readPlatform(message: Connection['workers'][number]['platforms'][number]): Platform {
  const { OS, Architecture, Variant } = message;
  return { os: OS, architecture: Architecture, ...(Variant === '' ? {} : { variant: Variant }) };
}
