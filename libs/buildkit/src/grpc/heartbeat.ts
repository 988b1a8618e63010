import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2';
import { frameMessage } from './framing.js';

/** How often an engine is asked for a sign of life while it owes an answer (ms). */
const INTERVAL_MS = 3_000;

/** How long it may take to give one (ms). Engines give sessions 15 s, for much more work. */
const PATIENCE_MS = 12_000;

/**
 * Asks the other side of a connection for signs of life, while calls are under way. Any answer will do, a refusal too. It finds out
 * what no event tells: a network that swallows everything, and an HTTP/2 of Node that has stopped. (HTTP/2's own ping won't do: gRPC
 * servers take it for an attack when it comes more than every five minutes.) Its timers keep the process alive, as the calls do: a
 * connection on which Node has stopped to read doesn't.
 */
export class Heartbeat {
  readonly #session: ClientHttp2Session;
  readonly #headers: OutgoingHttpHeaders;
  readonly #dead: () => void;
  #calls = 0;
  #interval: NodeJS.Timeout | undefined;
  #asked: ClientHttp2Stream | undefined;

  /** @param dead called once, when the other side gave no sign of life in time */
  constructor(session: ClientHttp2Session, headers: OutgoingHttpHeaders, dead: () => void) {
    this.#session = session;
    this.#headers = headers;
    this.#dead = dead;
  }

  /** Counts a call until its stream is closed. */
  watch(stream: ClientHttp2Stream): void {
    this.#calls += 1;
    this.#interval ??= setInterval(() => this.#ask(), INTERVAL_MS);
    stream.once('close', () => {
      this.#calls -= 1;
      if (this.#calls === 0) this.stop();
    });
  }

  stop(): void {
    clearInterval(this.#interval);
    this.#interval = undefined;
  }

  #ask(): void {
    if (this.#asked !== undefined || this.#session.destroyed || this.#session.closed) return;
    const asked = this.#session.request(this.#headers);
    this.#asked = asked;
    // What has come in while this process was busy is read before it counts as missing.
    const late = (): unknown => setImmediate(() => setImmediate(() => this.#asked === asked && this.#dead()));
    const patience = setTimeout(late, PATIENCE_MS);
    const answered = (): void => {
      clearTimeout(patience);
      this.#asked = undefined;
    };
    asked.on('error', () => undefined);
    asked.once('response', answered);
    asked.once('close', answered);
    asked.resume();
    asked.end(frameMessage(new Uint8Array()));
  }
}
