import { readIr } from '@hlb/ir/testing';
import type { Lock } from './lock.js';

/** The digests of all images of a module's text that have a name and a digest, in the order of names. */
export function lockOf(ir: string): Lock {
  const digests = new Map<string, string>();
  for (const op of readIr(ir).ops) {
    if ((op.kind !== 'image' && op.kind !== 'manifest') || typeof op.ref.text !== 'string') continue;
    const [name = '', digest] = op.ref.text.split('@');
    if (digest !== undefined) digests.set(name, digest);
  }
  return Object.fromEntries([...digests].sort(([a], [b]) => (a < b ? -1 : 1)));
}
