import { writev } from 'node:fs';
import { systemError } from '../transfer-error.js';

/** Buffers of one system call, at most (Linux allows 1024). */
const VECTOR = 512;

/** Bytes that a chunk counts beside its content: many tiny ones must not fill the memory. */
const CHUNK_COST = 512;

/** Appends to an open file through the thread pool, many chunks at a time, while more arrive. */
export class AppendWriter {
  readonly #fd: number;
  readonly #path: string;
  #chunks: Buffer[] = [];
  #queued = 0;
  #draining: Promise<void> | undefined;
  #failure: unknown;
  #waiting: (() => void)[] = [];

  /** @param path names the file in errors */
  constructor(fd: number, path: string) {
    this.#fd = fd;
    this.#path = path;
  }

  /** Bytes that are not written yet, and what it costs to keep them. */
  get queued(): number {
    return this.#queued;
  }

  append(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#queued += chunk.length + CHUNK_COST;
    this.#draining ??= this.#drain();
  }

  /** Waits until less than `below` bytes are queued; throws a `TransferError` if writing has failed. */
  async settled(below: number): Promise<void> {
    while (this.#queued >= below && this.#failure === undefined) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Waits until all is written. */
  async end(): Promise<void> {
    await this.#draining;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Drops what is queued and waits until nothing is being written any more, so that the file can be closed. */
  async abandon(): Promise<void> {
    this.#chunks = [];
    await this.#draining;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#chunks.length > 0) {
        let chunks = this.#chunks.splice(0, VECTOR);
        while (chunks.length > 0) {
          const written = await this.#write(chunks);
          const before = chunks.length;
          chunks = unwritten(chunks, written);
          this.#queued -= written + (before - chunks.length) * CHUNK_COST;
          const waiting = this.#waiting;
          this.#waiting = [];
          for (const wake of waiting) wake();
        }
      }
    } catch (error) {
      this.#failure = systemError(error, 'write', this.#path);
      for (const wake of this.#waiting) wake();
    } finally {
      this.#draining = undefined;
    }
  }

  #write(chunks: Buffer[]): Promise<number> {
    return new Promise((resolve, reject) => {
      writev(this.#fd, chunks, null, (error, written) => {
        if (error) reject(error);
        else resolve(written);
      });
    });
  }
}

function unwritten(chunks: Buffer[], written: number): Buffer[] {
  let skip = written;
  let at = 0;
  for (; at < chunks.length; at++) {
    const length = chunks[at]?.length ?? 0;
    if (skip < length) break;
    skip -= length;
  }
  const rest = chunks.slice(at);
  const first = rest[0];
  if (first && skip > 0) rest[0] = first.subarray(skip);
  return rest;
}
