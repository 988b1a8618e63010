export type { OutputTarget, OutputTotals } from './session/file-send/target.js';
export type { TargetHandle } from './session/file-send/targets.js';
export type { LocalDirectory } from './session/file-sync/directories.js';
export { openSession, type Session, type SessionOptions, type SessionTransport } from './session/session.js';
export { TransferError, type TransferErrorCode } from './session/transfer-error.js';
export type { TransferEvent, TransferListener } from './session/transfers.js';
