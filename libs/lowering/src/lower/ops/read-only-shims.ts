import { posix } from 'node:path';
import { type FileAction, file, type Output } from '@hlb/llb';
import type { Level } from '../../elaborate/evaluation.js';
import type { PlacedMount } from './run.js';
import type { RunServices } from './run-services.js';

/**
 * Below a read-only mount the engine can't make mount points. So what is mounted read-only gets a directory for each mount below
 * it, and an empty file for each secret, before. Mounts count from the last option to the first, each against the nearest
 * option before it that covers its place.
 */
export function addShims(level: Level, mounts: readonly PlacedMount[], services: RunServices): readonly PlacedMount[] {
  if (!mounts.some(({ mount }) => mount.readonly === true)) return mounts;
  const alone = mounts.length === 1 && services.secrets.length === 0 && services.sockets.length === 0;
  if (alone) return mounts;
  const covers = level === 'O0' ? coversAsText : coversAsPath;
  const sources = new Map<PlacedMount, Output | undefined>();
  const made = new Set<string>();
  for (const { option, dest, isFile } of mountPoints(level, mounts, services)) {
    const cover = mounts.findLast((other) => other.option < option && covers(other.mount.dest, dest));
    // In memory, where nothing is from the start, there is nothing that could be prepared.
    if (cover?.mount.readonly !== true || cover.mount.tmpfs !== undefined) continue;
    const below = relativeTo(cover.mount.dest, dest);
    const selector = level === 'O0' ? '' : (cover.mount.selector ?? '');
    const path = posix.join('/', selector, below);
    const before = sources.has(cover) ? sources.get(cover) : cover.mount.source;
    sources.set(cover, withMountPoint(before, path, isFile, `${mounts.indexOf(cover)}`, made));
  }
  return mounts.map((placed) =>
    sources.has(placed) && placed.mount.tmpfs === undefined
      ? { ...placed, mount: { ...placed.mount, source: sources.get(placed) } }
      : placed,
  );
}

interface MountPoint {
  readonly option: number;
  readonly dest: string;
  readonly isFile: boolean;
}

/** From the last option to the first. The reference leaves sockets out. */
function mountPoints(level: Level, mounts: readonly PlacedMount[], services: RunServices): readonly MountPoint[] {
  const points: MountPoint[] = [
    ...mounts.map(({ option, mount }) => ({ option, dest: mount.dest, isFile: false })),
    ...services.secrets.map(({ option, secret }) => ({ option, dest: secret.target ?? '', isFile: true })),
    ...(level === 'O0'
      ? []
      : services.sockets.map(({ option, socket }) => ({ option, dest: socket.target ?? '', isFile: true }))),
  ];
  return points.sort((a, b) => a.option - b.option).reverse();
}

function withMountPoint(
  source: Output | undefined,
  path: string,
  isFile: boolean,
  mount: string,
  made: Set<string>,
): Output | undefined {
  const directory = isFile ? posix.dirname(path) : path;
  let output = source;
  if (!isFile || !made.has(`${mount} ${directory}`)) {
    output = extended(output, { kind: 'mkdir', path: directory, mode: 0o755, makeParents: true });
    if (isFile) made.add(`${mount} ${directory}`);
  }
  if (!isFile) return output;
  return extended(output, { kind: 'mkfile', path, mode: 0o644, data: new Uint8Array() });
}

function extended(base: Output | undefined, action: FileAction): Output {
  return file({ base, actions: [action] });
}

/** The reference compares places as texts: `/foo` covers `/foobar`. */
function coversAsText(cover: string, dest: string): boolean {
  return dest.startsWith(cover);
}

function coversAsPath(cover: string, dest: string): boolean {
  const outer = posix.join('/', cover, '/');
  return posix.join('/', dest, '/').startsWith(outer) && posix.join('/', dest, '/') !== outer;
}

function relativeTo(cover: string, dest: string): string {
  const below = posix.relative(posix.join('/', cover), posix.join('/', dest));
  return below.startsWith('..') ? dest.slice(cover.length) : below;
}
