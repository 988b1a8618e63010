import { type Connection, connect, engineAddresses } from '@hlb/buildkit';
import type { Io } from '../process/io.js';

/**
 * A connection to the engine that a build will most likely use, opened while its program is still being read: the two together take as
 * long as the longer one. Only a socket of this machine is opened so early, which costs nothing and asks nobody for anything. What
 * fails here fails again, and is told, when the connection is really wanted.
 */
export class EarlyConnection {
  readonly #stop = new AbortController();
  readonly #opening: Promise<Connection | undefined>;
  #address: string | undefined;
  #isTaken = false;

  /** @param engine the address of `--engine` */
  constructor(io: Io, engine: string | undefined) {
    this.#opening = this.#open(io, engine).catch(() => undefined);
  }

  /** The connection, if it leads to this address; who takes it closes it. */
  async take(address: string): Promise<Connection | undefined> {
    if (this.#isTaken) return undefined;
    const connection = await this.#opening;
    if (connection === undefined || this.#address !== address) return undefined;
    this.#isTaken = true;
    return connection;
  }

  /** Ends it, unless it was taken. */
  async close(): Promise<void> {
    if (this.#isTaken) return;
    this.#isTaken = true;
    this.#stop.abort();
    await (await this.#opening)?.close();
  }

  async #open(io: Io, engine: string | undefined): Promise<Connection | undefined> {
    const [first] = await engineAddresses({ address: engine, env: io.env });
    if (first === undefined || !first.address.startsWith('unix://')) return undefined;
    this.#address = first.address;
    return connect(first.address, { ...first, signal: this.#stop.signal });
  }
}
