import {
  type Connection,
  type ConnectOptions,
  connect,
  type Gateway,
  openGateway,
  openSession,
  type Session,
  type StatusUpdate,
} from '@hlb/buildkit';
import type { EngineFacts } from '@hlb/facts';
import { engineFacts } from './engine-facts.js';

export interface OpenBuildOptions extends ConnectOptions {
  /** `unix://…`, `tcp://…`, …: see `@hlb/buildkit`. */
  readonly address: string;
  /**
   * A key of this client that stays the same between runs, so that the engine finds what it was sent before. By default one for
   * all builds: the names of what is sent tell directories apart.
   */
  readonly sharedKey?: string;
}

/** Hears what the engine tells of the work that facts and frontends cause. */
export type NewsListener = (news: StatusUpdate, ref: string) => void;

/**
 * Opens what a build needs of an engine: the connection, and the one session, first and once. Its id goes into every local of
 * the build; frontends and solves share it.
 * @throws ConnectError when there is no such engine, or the reason of the signal
 */
export async function openBuild(options: OpenBuildOptions): Promise<Build> {
  const connection = await connect(options.address, options);
  try {
    const session = await openSession(connection, {
      sharedKey: options.sharedKey ?? 'hlb',
      name: 'hlb',
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    return new Build(connection, session);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** A connection with its session, for one compile and the execution of its plan. Closed by who opened it. */
export class Build {
  readonly connection: Connection;
  readonly session: Session;
  /** What the engine and its registries know, each asked once. */
  readonly facts: EngineFacts;
  readonly #gateways = new Map<string, Promise<Gateway>>();
  readonly #listeners = new Set<NewsListener>();
  #closing: Promise<void> | undefined;

  constructor(connection: Connection, session: Session) {
    this.connection = connection;
    this.session = session;
    this.facts = engineFacts((signal) => this.gateway([], signal));
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
      gateway = openGateway(this.connection, { session: this.session.id, entitlements, internal: true });
      gateway.then(
        (opened) => this.#hear(opened),
        () => this.#gateways.delete(key),
      );
      this.#gateways.set(key, gateway);
    }
    return gateway;
  }

  /** Tells of the news of all gateways. Gives the function that ends it. */
  onNews(listener: NewsListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
    // What still runs in a gateway is cancelled by its end; a connection that is lost has no end to wait for.
    for (const opening of this.#gateways.values()) opening.then((gateway) => gateway.cancel()).catch(() => undefined);
    await this.session.close();
    await this.connection.close();
  }
}
