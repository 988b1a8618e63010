import { StatusResponse } from '@hlb/proto/control';
import { CONNECTION } from '../../arguments/engine-forms.js';
import { checkArguments, optional, SIGNAL } from '../../arguments/forms.js';
import type { Connection } from '../../connect/connection.js';
import { BuildkitError } from '../../errors/buildkit-error.js';
import { StatusReader, type StatusUpdate } from '../status.js';
import { readBlob } from './blobs.js';
import { type HistoryRecord, RECORD } from './history.js';

/** More than an engine puts into one answer (bytes). */
const FRAME_BYTES = 64 << 20;

/** The news of a build that has ended, as the engine keeps them; none where it has none. */
export async function* historyUpdates(
  connection: Connection,
  record: HistoryRecord,
  signal?: AbortSignal,
): AsyncGenerator<StatusUpdate, void, undefined> {
  checkArguments('historyUpdates', {
    connection: [connection, CONNECTION],
    record: [record, RECORD],
    signal: [signal, optional(SIGNAL)],
  });
  const { log } = record.blobs;
  if (log === undefined) return;
  const reader = new StatusReader();
  for await (const frame of frames(readBlob(connection, log.digest, signal))) {
    yield reader.read(StatusResponse.decode(frame));
  }
}

/** Messages, each after its length of 32 bits, the lowest byte first. */
async function* frames(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let read = Buffer.alloc(0);
  for await (const piece of pieces) {
    read = Buffer.concat([read, piece]);
    let at = 0;
    while (read.length - at >= 4) {
      const length = read.readUInt32LE(at);
      if (length > FRAME_BYTES) throw broken();
      if (read.length - at - 4 < length) break;
      yield read.subarray(at + 4, at + 4 + length);
      at += 4 + length;
    }
    read = read.subarray(at);
  }
  if (read.length > 0) throw broken();
}

function broken(): BuildkitError {
  return new BuildkitError("the engine's record of the build's news is broken", { code: 'DATA_LOSS' });
}
