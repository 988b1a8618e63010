/** What a transfer needs of a call of the engine: its messages, both ways. */
export interface TransferCall {
  /** Why the call can't go on, if so. */
  readonly failure: Error | undefined;
  /**
   * All messages that have arrived since the last time, at least one; waits for it. `undefined` when the peer has half-closed. Throws what
   * ended the call. The messages are good until the next time.
   */
  receive(): Promise<readonly Buffer[] | undefined>;
  /** Queues one encoded message. */
  send(message: Uint8Array): void;
  /** Queues bytes that are already framed. `written` is called in any case, when the bytes are no longer needed. */
  write(framed: Buffer, written?: () => void): void;
}
