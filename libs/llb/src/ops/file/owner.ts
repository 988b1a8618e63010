import type * as pb from '@hlb/proto/llb';
import { InvalidOpError } from '../../graph/invalid-op.js';

/** Whom a file belongs to: names are looked up in the file system that the action works on, numbers are ids. */
export interface Owner {
  readonly user?: string | number | undefined;
  readonly group?: string | number | undefined;
}

/**
 * Reads `USER[:GROUP]`. Decimal numbers and `root` are ids, anything else names; without `:GROUP` the group is left alone.
 */
export function parseOwner(text: string): Owner {
  const colon = text.indexOf(':');
  if (colon === -1) {
    return { user: idOrName(text) };
  }
  return { user: idOrName(text.slice(0, colon)), group: idOrName(text.slice(colon + 1)) };
}

/** The message of an owner; names are looked up in the op's input with this number. */
export function ownerMessage(owner: string | Owner | undefined, input: bigint): pb.ChownOpt | undefined {
  if (owner === undefined) {
    return undefined;
  }
  const { user, group } = typeof owner === 'string' ? parseOwner(owner) : owner;
  return { user: userMessage(user, input), group: userMessage(group, input) };
}

function userMessage(user: string | number | undefined, input: bigint): pb.UserOpt | undefined {
  if (user === undefined) {
    return undefined;
  }
  if (typeof user === 'string') {
    return { user: { $case: 'byName', value: { name: user, input } } };
  }
  if (!Number.isInteger(user) || user < -(2 ** 31) || user >= 2 ** 32) {
    throw new InvalidOpError(`${user} is no user or group id`);
  }
  return { user: { $case: 'byID', value: user >>> 0 } };
}

/** Ids are read as signed 32-bit numbers, as BuildKit's client does; what does not fit is taken for a name. */
function idOrName(text: string): string | number {
  if (text === 'root') {
    return 0;
  }
  if (!/^[+-]?[0-9]+$/.test(text)) {
    return text;
  }
  const id = Number(text);
  return id >= -(2 ** 31) && id < 2 ** 31 ? id : text;
}
