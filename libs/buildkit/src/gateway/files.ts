import { posix } from 'node:path';
import type { Stat } from '@hlb/proto/fsutil';
import {
  LLBBridgeService,
  type ReadDirRequest,
  type ReadDirResponse,
  type ReadFileRequest,
  type ReadFileResponse,
  type StatFileRequest,
  type StatFileResponse,
} from '@hlb/proto/gateway';
import { BuildkitError } from '../errors/buildkit-error.js';
import type { GatewayCall } from './gateway.js';
import type { Reference } from './result.js';

/** What of a file to read (bytes). */
export interface FileRange {
  readonly offset: bigint;
  readonly length: bigint;
}

/** A file, directory or link: its name, Go's mode bits, owner, size (bytes), time (ns since 1970), and a link's target. */
export type FileEntry = Readonly<Stat>;

/** The most that one call reads (bytes): well below the limit of a message. */
const PIECE_BYTES = 8n << 20n;

/** The files of results. Paths are resolved inside the result's root, links followed. */
export class GatewayFiles {
  readonly #request: GatewayCall;

  constructor(request: GatewayCall) {
    this.#request = request;
  }

  /** A file's content, or a part of it; of any size. */
  async read(ref: Reference, path: string, range?: FileRange, signal?: AbortSignal): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    const end = range === undefined ? undefined : range.offset + range.length;
    for (let offset = range?.offset ?? 0n; end === undefined || offset < end; ) {
      const wanted = end === undefined || end - offset > PIECE_BYTES ? PIECE_BYTES : end - offset;
      const { Data } = await this.#request<ReadFileRequest, ReadFileResponse>(
        LLBBridgeService.readFile,
        { Ref: ref.id, FilePath: path, Range: { Offset: offset, Length: wanted }, MountIndex: 0 },
        signal,
      );
      pieces.push(Data);
      offset += BigInt(Data.length);
      if (BigInt(Data.length) < wanted) break;
    }
    return pieces.length === 1 ? (pieces[0] ?? new Uint8Array()) : Buffer.concat(pieces);
  }

  /** The entries of a directory whose names match the pattern (`*.hlb`), all by default. */
  async list(ref: Reference, path: string, pattern = '', signal?: AbortSignal): Promise<readonly FileEntry[]> {
    const { entries } = await this.#request<ReadDirRequest, ReadDirResponse>(
      LLBBridgeService.readDir,
      { Ref: ref.id, DirPath: path, IncludePattern: pattern, MountIndex: 0 },
      signal,
    );
    return entries;
  }

  async stat(ref: Reference, path: string, signal?: AbortSignal): Promise<FileEntry> {
    const { stat } = await this.#request<StatFileRequest, StatFileResponse>(
      LLBBridgeService.statFile,
      { Ref: ref.id, Path: path, MountIndex: 0 },
      signal,
    );
    if (stat !== undefined) return stat;
    throw new BuildkitError(`the engine says nothing of ${posix.normalize(path)}`, { code: 'INTERNAL' });
  }
}
