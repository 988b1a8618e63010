import { errPacket } from './packet.js';
import type { TransferCall } from './transfer-call.js';

/**
 * Tells the other side of a transfer why it fails, before the call ends with the same as its status. The status alone might never be seen:
 * it ends the engine's call, and of the two parts of the engine that notice, the one that only finds its call over may be the first. Users
 * then read `context canceled`.
 */
export function tellFailure(call: TransferCall, error: unknown): void {
  call.send(errPacket(error instanceof Error ? error.message : String(error)));
}
