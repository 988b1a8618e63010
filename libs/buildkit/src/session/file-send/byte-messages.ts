import { WireReader } from '../fsutil/wire.js';
import type { ServerCall } from '../grpc/call.js';

/** The payload of a `BytesMessage` (`1 data bytes`), a view of it. */
export function bytesOf(message: Buffer): Buffer {
  const reader = new WireReader(message);
  let data: Buffer | undefined;
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === 0x0a) data = reader.bytes();
    else reader.skip(tag);
  }
  return data ?? message.subarray(0, 0);
}

/** Passes on the payloads of a call, until the engine half-closes. `take` says what to wait for, if anything. */
export async function receiveBytes(call: ServerCall, take: (data: Buffer) => Promise<void> | undefined): Promise<void> {
  for (;;) {
    const messages = await call.receive();
    if (!messages) return;
    for (const message of messages) {
      const data = bytesOf(message);
      if (data.length === 0) continue;
      const pressure = take(data);
      if (pressure) await pressure;
    }
  }
}
