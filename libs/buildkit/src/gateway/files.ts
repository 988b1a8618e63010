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
import type { GatewayCall } from './gateway-call.js';

/** What of a file to read (bytes). */
export interface FileRange {
  readonly offset: bigint;
  readonly length: bigint;
}

/** A file, directory or link: its name, Go's mode bits, owner, size (bytes), time (ns since 1970), and a link's target. */
export type FileEntry = Readonly<Stat>;

/** The most that one call reads (bytes): well below the limit of a message. */
const PIECE_BYTES = 8n << 20n;

/** Whose files: a result's, or those that a mount of a container has, by its place. */
export type FileOwner =
  | { readonly kind: 'result'; readonly id: string }
  | { readonly kind: 'container'; readonly id: string; readonly mount: number };

/** Files on the engine. Paths are resolved inside their root, links followed. */
export class GatewayFiles {
  readonly #request: GatewayCall;

  constructor(request: GatewayCall) {
    this.#request = request;
  }

  /** A file's content, or a part of it; of any size. */
  async read(owner: FileOwner, path: string, range?: FileRange, signal?: AbortSignal): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    const end = range === undefined ? undefined : range.offset + range.length;
    for (let offset = range?.offset ?? 0n; end === undefined || offset < end; ) {
      const wanted = end === undefined || end - offset > PIECE_BYTES ? PIECE_BYTES : end - offset;
      const { Data } = await this.#request<ReadFileRequest, ReadFileResponse>(
        owner.kind === 'result' ? LLBBridgeService.readFile : LLBBridgeService.readFileContainer,
        { Ref: owner.id, FilePath: path, Range: { Offset: offset, Length: wanted }, MountIndex: mountOf(owner) },
        signal,
      );
      pieces.push(Data);
      offset += BigInt(Data.length);
      if (BigInt(Data.length) < wanted) break;
    }
    return pieces.length === 1 ? (pieces[0] ?? new Uint8Array()) : Buffer.concat(pieces);
  }

  /** The entries of a directory whose names match the pattern (`*.hlb`), all by default. */
  async list(owner: FileOwner, path: string, pattern = '', signal?: AbortSignal): Promise<readonly FileEntry[]> {
    const { entries } = await this.#request<ReadDirRequest, ReadDirResponse>(
      owner.kind === 'result' ? LLBBridgeService.readDir : LLBBridgeService.readDirContainer,
      { Ref: owner.id, DirPath: path, IncludePattern: pattern, MountIndex: mountOf(owner) },
      signal,
    );
    return entries;
  }

  async stat(owner: FileOwner, path: string, signal?: AbortSignal): Promise<FileEntry> {
    const { stat } = await this.#request<StatFileRequest, StatFileResponse>(
      owner.kind === 'result' ? LLBBridgeService.statFile : LLBBridgeService.statFileContainer,
      { Ref: owner.id, Path: path, MountIndex: mountOf(owner) },
      signal,
    );
    if (stat !== undefined) return stat;
    throw new BuildkitError(`the engine says nothing of ${posix.normalize(path)}`, { code: 'INTERNAL' });
  }
}

/** The place of a container's mount; results have none. */
function mountOf(owner: FileOwner): number {
  return owner.kind === 'result' ? 0 : owner.mount;
}
