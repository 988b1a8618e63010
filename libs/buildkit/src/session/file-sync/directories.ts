import { type Stats, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { resolveFollowPaths } from '../fsutil/filter/follow-paths.js';
import { TreeFilter } from '../fsutil/filter/tree-filter.js';
import { Pace } from '../fsutil/pace.js';
import { sendTree } from '../fsutil/send/sender.js';
import { tellFailure } from '../fsutil/wire/tell-failure.js';
import type { ServerCall } from '../grpc/call.js';
import { GrpcError } from '../grpc/grpc-error.js';
import { printable, systemError, TransferError } from '../transfer-error.js';
import type { AnnouncedEntry, TransferLog } from '../transfers.js';

/** A directory of this host that the engine may read. */
export interface LocalDirectory {
  /** What the engine calls it: `NAME` of the source `local://NAME`. */
  readonly name: string;
  readonly path: string;
  /** The engine gets nothing outside of these patterns, whatever it asks for. Without any, all. */
  readonly include?: readonly string[];
  /** Nor anything that these match. */
  readonly exclude?: readonly string[];
}

interface PreparedTransfer {
  readonly root: string;
  readonly filter: TreeFilter;
  readonly announced: ((entry: AnnouncedEntry) => void) | undefined;
}

/** Serves `FileSync.DiffCopy`: local sources. */
export class Directories {
  readonly #directories = new Map<string, LocalDirectory>();
  readonly #log: TransferLog;

  constructor(log: TransferLog) {
    this.#log = log;
  }

  /** A directory of the same name is replaced; transfers that run go on. */
  add(directory: LocalDirectory): void {
    this.#directories.set(directory.name, { ...directory, path: resolve(directory.path) });
  }

  remove(name: string): void {
    this.#directories.delete(name);
  }

  /** The handler. Go's clients answer unknown names with the same words, which users may know. */
  async diffCopy(call: ServerCall): Promise<void> {
    const name = call.metadata.get('dir-name') ?? '';
    const directory = this.#directories.get(name);
    if (!directory) {
      const unknown = new GrpcError('NOT_FOUND', `no access allowed to dir ${JSON.stringify(name)}`);
      tellFailure(call, unknown);
      throw unknown;
    }
    const progress = this.#log.start('send', name);
    try {
      const { root, filter, announced } = await this.#prepare(call, directory).catch((error: unknown) => {
        tellFailure(call, error);
        throw error;
      });
      await sendTree(call, root, filter, progress, announced);
      progress.done();
    } catch (error) {
      throw progress.failed(error);
    }
  }

  /** What is to be sent, as registered and as the engine asks for it. */
  async #prepare(call: ServerCall, directory: LocalDirectory): Promise<PreparedTransfer> {
    const root = await this.#root(directory);
    const follow = call.metadata.getAllDecoded('followpaths');
    const asked = [...call.metadata.getAllDecoded('include-patterns')];
    const exclude = call.metadata.getAllDecoded('exclude-patterns');
    const announced = this.#log.watchersOf({ name: directory.name, include: [...asked], exclude, follow });
    const include = follow.length > 0 ? await resolveFollowPaths(root, follow, asked) : asked;
    const filter = await TreeFilter.compile([directory, { include, exclude }], new Pace());
    return { root, filter, announced };
  }

  async #root(directory: LocalDirectory): Promise<string> {
    let root: string;
    let stats: Stats;
    try {
      root = await realpath(directory.path);
      stats = statSync(root);
    } catch (error) {
      throw systemError(error, 'read', directory.path);
    }
    if (!stats.isDirectory()) {
      throw new TransferError('not-directory', directory.path, `${printable(directory.path)} is not a directory`);
    }
    return root === '/' ? '' : root;
  }
}
