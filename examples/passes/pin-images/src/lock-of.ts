import { parseModule, sourceFile } from '@hlb/ir';
import type { Lock } from './lock.js';

/** The digests of all images of a module's text that have a name and a digest, in the order of names. */
export function lockOf(ir: string): Lock {
  const digests = new Map<string, string>();
  const { module, diagnostics } = parseModule(sourceFile('<module>', ir));
  if (module === undefined) throw new Error(`hlb printed no module: ${diagnostics[0]?.message}`);
  for (const op of module.ops) {
    if ((op.kind !== 'image' && op.kind !== 'manifest') || typeof op.ref.text !== 'string') continue;
    const [name = '', digest] = op.ref.text.split('@');
    if (digest !== undefined) digests.set(name, digest);
  }
  return Object.fromEntries([...digests].sort(([a], [b]) => (a < b ? -1 : 1)));
}
