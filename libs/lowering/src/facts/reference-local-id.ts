import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { InternalError } from '@hlb/diagnostics';
import type { LocalOp } from '@hlb/ir';
import { localSource, marshal } from '@hlb/llb';
import { matchesPatterns } from '../text/path-patterns.js';

/**
 * The id that the reference gives a local: a digest of its path, this host's hardware address and the time of the latest change below
 * it. Only LLB that is to be compared with the reference's has it; builds name a directory by what it is, not by when it was changed.
 */
export async function referenceLocalId(op: LocalOp): Promise<string> {
  const { resolved } = op;
  if (resolved === undefined) throw new InternalError('a local was not looked up');
  const include = knownTexts(op.include);
  const exclude = knownTexts(op.exclude);
  const time = await latestChange(resolved.realPath, resolved.kind === 'file' ? [] : include, exclude);
  const text = `path:${resolved.realPath},mac:${hardwareAddress()},modified:${formatTime(time)}`;
  const source = localSource({ name: '', includePatterns: include, excludePatterns: exclude, uniqueId: text });
  const { def } = marshal(source, { platform: { os: 'linux', architecture: 'amd64' } });
  const terminal = def.at(-1);
  if (terminal === undefined) throw new InternalError('a local has no definition');
  return `sha256:${createHash('sha256').update(terminal).digest('hex')}`;
}

function knownTexts(texts: LocalOp['include']): readonly string[] {
  return texts.flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
}

/** Of the first network interface that has one. */
function hardwareAddress(): string {
  for (const addresses of Object.values(networkInterfaces())) {
    const mac = addresses?.find((address) => address.mac !== '00:00:00:00:00:00')?.mac;
    if (mac !== undefined) return mac;
  }
  return 'no-valid-interface';
}

/** Nanoseconds of the latest change of a path and of everything below it that its patterns take. */
async function latestChange(root: string, include: readonly string[], exclude: readonly string[]): Promise<bigint> {
  let latest = (await stat(root, { bigint: true })).mtimeNs;
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

function formatTime(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = (nanoseconds % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}Z`;
}
