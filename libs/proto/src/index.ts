/**
 * What the protocols have in common: the well-known messages and `google.rpc.Status`. Each protocol is a subpath of its
 * own (`@hlb/proto/llb`, `@hlb/proto/control` …), so that who needs messages alone does not load gRPC.
 */
export { Any } from './generated/google/protobuf/any.js';
export { Empty } from './generated/google/protobuf/empty.js';
export { FieldMask } from './generated/google/protobuf/field_mask.js';
export { Timestamp } from './generated/google/protobuf/timestamp.js';
export { Status } from './generated/google/rpc/status.js';
export type { DeepPartial, MessageFns } from './generated/pb/ops.js';
