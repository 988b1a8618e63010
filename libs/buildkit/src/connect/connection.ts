import type { Duplex } from 'node:stream';
import type { WorkerRecord } from '@hlb/proto/workers';
import { METADATA } from '../arguments/engine-forms.js';
import { checkArguments, checkMade, optional, SIGNAL } from '../arguments/forms.js';
import type { Dialer } from '../dial/dialer.js';
import { UpgradeRefused, upgrade } from '../dial/http-upgrade.js';
import type { BuildkitError } from '../errors/buildkit-error.js';
import type { GrpcChannel } from '../grpc/channel.js';
import { openChannel, type Way } from './open-channel.js';
import { ControlSessionStream } from './session-stream.js';

export interface ConnectionInit {
  readonly dialer: Dialer;
  readonly channel: GrpcChannel;
  readonly kind: 'buildkit' | 'docker';
  readonly via: Way;
  readonly workers: readonly WorkerRecord[];
}

/** A connection to an engine. It is never made anew: when it is lost, so are the builds that ran over it. */
export class Connection {
  /** As `parseAddress` reads it. */
  readonly address: string;
  /** A stand-alone buildkitd, or the one in Docker. */
  readonly kind: 'buildkit' | 'docker';
  /** gRPC on the socket itself, or by Docker's HTTP upgrade. */
  readonly via: Way;
  /** For calls of the engine's services. */
  readonly channel: GrpcChannel;
  /** The engine's workers; there is at least one, and the first is the default. */
  readonly workers: readonly WorkerRecord[];
  readonly #dialer: Dialer;
  readonly #sessions = new Set<Duplex>();
  #sessionWay: 'http' | 'control';
  /** Why sessions don't go by HTTP, where that was tried. */
  #refused: UpgradeRefused | undefined;

  constructor(init: ConnectionInit) {
    checkMade(init, 'Connection', 'connect', 'dialer', 'channel', 'workers');
    this.address = init.dialer.address;
    this.kind = init.kind;
    this.via = init.via;
    this.channel = init.channel;
    this.workers = init.workers;
    this.#dialer = init.dialer;
    // A socket of its own keeps a session's bytes in native code. Elsewhere a second connection may be dear, or lead to another
    // engine behind the same name.
    this.#sessionWay = init.via === 'upgrade' && init.dialer.cost === 'cheap' ? 'http' : 'control';
  }

  /** Resolves when the connection ended: with `undefined` after {@link close}, else with why. */
  get closed(): Promise<BuildkitError | undefined> {
    return this.channel.closed;
  }

  /**
   * Opens the stream on which a session's server listens.
   * @param headers names and values of the session's headers; a name may repeat
   */
  async openSessionStream(headers: readonly (readonly [string, string])[], signal?: AbortSignal): Promise<Duplex> {
    checkArguments('openSessionStream', { headers: [headers, METADATA], signal: [signal, optional(SIGNAL)] });
    signal?.throwIfAborted();
    const stream =
      (await this.#httpSession(headers, signal)) ?? new ControlSessionStream(this.channel, headers, this.#refused);
    this.#sessions.add(stream);
    stream.once('close', () => this.#sessions.delete(stream));
    return stream;
  }

  /**
   * Another connection to the same address, by the same way, for what this one can't carry any more. Behind a load balancer that may
   * be another engine.
   * @throws ConnectError and others
   */
  async openAnother(signal: AbortSignal): Promise<Connection> {
    checkArguments('openAnother', { signal: [signal, SIGNAL] });
    const { kind, workers } = this;
    const { channel, via } = await openChannel(this.#dialer, this.via, signal);
    return new Connection({ dialer: this.#dialer, channel, kind, via, workers });
  }

  /** Ends everything that runs over it. Resolves when no handle is left. */
  async close(): Promise<void> {
    const sessions = [...this.#sessions].map((stream) => destroyed(stream));
    await Promise.all([this.channel.close(), ...sessions]);
  }

  /** As {@link close}: `await using connection = await connect(…)`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #httpSession(
    headers: readonly (readonly [string, string])[],
    signal?: AbortSignal,
  ): Promise<Duplex | undefined> {
    if (this.#sessionWay === 'control') return undefined;
    const { stream } = await this.#dialer.dial(signal);
    try {
      await upgrade(stream, { path: '/session', host: this.#dialer.authority, headers }, signal);
      return stream;
    } catch (error) {
      if (!(error instanceof UpgradeRefused)) throw error;
      this.#sessionWay = 'control';
      this.#refused = error;
      return undefined;
    }
  }
}

function destroyed(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once('close', resolve);
    stream.on('error', () => undefined);
    stream.destroy();
  });
}
