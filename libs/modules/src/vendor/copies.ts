import type { ModuleNode } from '../load.js';
import type { VendorFolder } from './folder.js';

/** A copy of a module's file. */
export interface ModuleCopy {
  /** The name of the first import that it was found by. */
  readonly name: string;
  readonly digest: string;
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** What has to be kept of the modules below a program: every file that comes from elsewhere, once, in the order of the tree. */
export function copiesOf(root: ModuleNode): readonly ModuleCopy[] {
  const copies = new Map<string, ModuleCopy>();
  const met = new Set([root]);
  for (const node of met) {
    for (const [name, { digest, path, file }] of node.imports) {
      const key = `${digest} ${path}`;
      if (digest === undefined || copies.has(key)) continue;
      copies.set(key, { name, digest, path, content: file.bytes ?? file.text });
    }
    for (const inner of node.imports.values()) met.add(inner);
  }
  return [...copies.values()];
}

/** Writes copies into a folder: all, or those that are missing. Gives those that were written. */
export async function writeCopies(
  copies: readonly ModuleCopy[],
  folder: VendorFolder,
  which: 'all' | 'missing',
): Promise<readonly ModuleCopy[]> {
  const written: ModuleCopy[] = [];
  for (const copy of copies) {
    const { digest, path, content } = copy;
    if (which === 'missing' && (await folder.has(digest, path))) continue;
    await folder.write(digest, path, content);
    written.push(copy);
  }
  return written;
}

/** Removes the modules of a folder of which no copy is wanted. Gives their digests. */
export async function removeOthers(copies: readonly ModuleCopy[], folder: VendorFolder): Promise<readonly string[]> {
  const wanted = new Set(copies.map(({ digest }) => digest));
  const others = (await folder.digests()).filter((digest) => !wanted.has(digest));
  for (const digest of others) await folder.remove(digest);
  return others;
}
