import { createHash, type Hash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { forget, remember, removeTemporary } from '../file-send/staging.js';
import { GrpcError } from '../grpc/grpc-error.js';
import { systemError } from '../transfer-error.js';
import type { OciLayout } from './oci-layout.js';

/** A blob that is being written. It is a blob of the layout only when it is complete and its digest is checked. */
export class Ingest {
  readonly ref: string;
  readonly startedAt: Date = new Date();
  updatedAt: Date = this.startedAt;
  /** As announced; 0 if unknown. */
  total = 0n;
  /** As announced; '' if unknown. */
  expected = '';
  /** True while a call writes it. */
  locked = false;
  readonly #layout: OciLayout;
  readonly #path: string;
  #file: FileHandle | undefined;
  #hash: Hash = createHash('sha256');
  #algorithm = 'sha256';
  #offset = 0n;

  constructor(layout: OciLayout, ref: string) {
    this.#layout = layout;
    this.ref = ref;
    this.#path = join(layout.path, 'ingest', randomBytes(12).toString('hex'));
  }

  /** Bytes so far. */
  get offset(): bigint {
    return this.#offset;
  }

  /** Of the bytes so far. */
  get digest(): string {
    return `${this.#algorithm}:${this.#hash.copy().digest('hex')}`;
  }

  /** Before anything is written: which algorithm the digest shall have. */
  expect(digest: string): void {
    this.expected = digest;
    const [algorithm = 'sha256'] = digest.split(':');
    if (this.#offset > 0n || algorithm === this.#algorithm) return;
    this.#algorithm = algorithm;
    this.#hash = createHash(algorithm);
  }

  async write(data: Uint8Array): Promise<void> {
    try {
      this.#file ??= await this.#create();
      let done = 0;
      while (done < data.length) {
        const { bytesWritten } = await this.#file.write(data, done, data.length - done, Number(this.#offset) + done);
        done += bytesWritten;
      }
    } catch (error) {
      throw systemError(error, 'write', this.#path);
    }
    this.#hash.update(data);
    this.#offset += BigInt(data.length);
    this.updatedAt = new Date();
  }

  async truncate(): Promise<void> {
    if (this.#offset === 0n) return;
    await this.#file?.truncate(0);
    this.#offset = 0n;
    this.#hash = createHash(this.#algorithm);
  }

  /** Makes it a blob. Throws FAILED_PRECONDITION if it isn't what was announced, ALREADY_EXISTS if there is such a blob. */
  async commit(): Promise<string> {
    const digest = this.digest;
    if (this.total > 0n && this.total !== this.#offset) {
      throw new GrpcError('FAILED_PRECONDITION', `${this.ref}: got ${this.#offset} bytes instead of ${this.total}`);
    }
    if (this.expected !== '' && this.expected !== digest) {
      throw new GrpcError('FAILED_PRECONDITION', `${this.ref}: got ${digest} instead of ${this.expected}`);
    }
    const path = this.#layout.blobPath(digest);
    if (await exists(path)) throw new GrpcError('ALREADY_EXISTS', `content ${digest} exists`);
    try {
      this.#file ??= await this.#create();
      await this.#close();
      await mkdir(dirname(path), { recursive: true });
      await rename(this.#path, path);
      forget(this.#path);
    } catch (error) {
      throw systemError(error, 'write', path);
    }
    return digest;
  }

  async discard(): Promise<void> {
    await this.#close().catch(() => undefined);
    await removeTemporary(this.#path);
  }

  async #create(): Promise<FileHandle> {
    await mkdir(dirname(this.#path), { recursive: true });
    const file = await open(this.#path, 'wx', 0o644);
    remember(this.#path);
    return file;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}

export async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
