import type { ServerCall } from './call.js';
import { varintLength, WireReader, writeVarint } from './wire.js';

/** A `BytesMessage` (`1 data bytes`), which BuildKit's services use wherever bytes are streamed. */
export function bytesMessage(data: Uint8Array): Buffer {
  const message = Buffer.allocUnsafe(1 + varintLength(data.length) + data.length);
  message[0] = 0x0a;
  message.set(data, writeVarint(message, 1, data.length));
  return message;
}

/** The payload of a `BytesMessage`, a view of it. */
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
