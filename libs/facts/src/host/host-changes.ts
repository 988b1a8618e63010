import { readdir, stat } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { ChangeRequest } from '../facts.js';
import { errorCode } from './host-files.js';
import { matchesPatterns } from './path-patterns.js';

/** Of the first network interface that has one; `no-valid-interface` where none does. */
export function hardwareAddress(): string {
  for (const addresses of Object.values(networkInterfaces())) {
    const mac = addresses?.find((address) => address.mac !== '00:00:00:00:00:00')?.mac;
    if (mac !== undefined) return mac;
  }
  return 'no-valid-interface';
}

/** What goes away while it is walked doesn't count; rejects with a sentence where the path itself can't be read. */
export async function latestChange({ path: root, include, exclude }: ChangeRequest): Promise<bigint> {
  let latest = await changeOf(root);
  const open: string[] = [''];
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    const entries = await readdir(join(root, directory), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (matchesPatterns(exclude, path)) continue;
      if (entry.isDirectory()) open.push(path);
      if (include.length > 0 && !matchesPatterns(include, path)) continue;
      const { mtimeNs } = await stat(join(root, path), { bigint: true }).catch(() => ({ mtimeNs: 0n }));
      if (mtimeNs > latest) latest = mtimeNs;
    }
  }
  return latest;
}

async function changeOf(path: string): Promise<bigint> {
  try {
    return (await stat(path, { bigint: true })).mtimeNs;
  } catch (error) {
    throw new Error(`${path} can't be read (${errorCode(error)})`, { cause: error });
  }
}
