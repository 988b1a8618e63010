import * as pb from '@hlb/proto/llb';
import { InvalidOpError } from '../graph/invalid-op.js';

/**
 * Protobuf's JSON: what is zero is left out, 64-bit numbers are strings, bytes are base64, enums are names. Maps are objects, which have no
 * place for a key `__proto__`.
 */
export function opToJSON(op: pb.Op): unknown {
  return pb.Op.toJSON(op);
}

/** @throws {InvalidOpError} when it is no op */
export function opFromJSON(json: unknown): pb.Op {
  try {
    return pb.Op.fromJSON(json);
  } catch (cause) {
    throw new InvalidOpError('the JSON is no op', { cause });
  }
}
