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
  const stepsFor = level === 'O0' ? referenceSteps : steps;
  const sources = new Map<PlacedMount, Output | undefined>();
  const made = new Set<string>();
  for (const point of mountPoints(level, mounts, services)) {
    const cover = mounts.findLast((other) => other.option < point.option && covers(other.mount.dest, point.dest));
    // In memory, where nothing is from the start, there is nothing that could be prepared.
    if (cover?.mount.readonly !== true || cover.mount.tmpfs !== undefined) continue;
    for (const action of stepsFor(point, cover, made)) {
      const base = sources.has(cover) ? sources.get(cover) : cover.mount.source;
      sources.set(cover, file({ base, dir: cover.dir, actions: [action] }));
    }
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

/** What makes a mount point in what covers it. `made` has the directories of secrets that are there by now. */
function steps({ dest, isFile }: MountPoint, { option, mount }: PlacedMount, made: Set<string>): readonly FileAction[] {
  const below = posix.relative(posix.join('/', mount.dest), posix.join('/', dest));
  const path = posix.join('/', mount.selector ?? '', below);
  if (!isFile) return [directory(path)];
  const parent = posix.dirname(path);
  const key = `${option} ${parent}`;
  const known = made.has(key);
  made.add(key);
  return known ? [emptyFile(path)] : [directory(parent), emptyFile(path)];
}

/**
 * The same as the reference makes it: from the working directory of what is mounted, without a look at the directory of it that is
 * mounted, and without the directory of a mount that others were made in.
 */
function referenceSteps(
  { dest, isFile }: MountPoint,
  { mount }: PlacedMount,
  made: Set<string>,
): readonly FileAction[] {
  const below = posix.relative(posix.join('/', mount.dest), posix.join('/', dest));
  if (!isFile) {
    if (made.has(dest)) return [];
    made.add(mount.dest);
    return [directory(below)];
  }
  const parent = posix.dirname(dest);
  const known = made.has(parent);
  made.add(parent);
  const rest = parent.startsWith(mount.dest) ? parent.slice(mount.dest.length) : parent;
  return known ? [emptyFile(below)] : [directory(rest), emptyFile(below)];
}

function directory(path: string): FileAction {
  return { kind: 'mkdir', path, mode: 0o755, makeParents: true };
}

function emptyFile(path: string): FileAction {
  return { kind: 'mkfile', path, mode: 0o644, data: new Uint8Array() };
}

/** The reference compares places as texts: `/foo` covers `/foobar`. */
function coversAsText(cover: string, dest: string): boolean {
  return dest.startsWith(cover);
}

function coversAsPath(cover: string, dest: string): boolean {
  const outer = posix.join('/', cover, '/');
  return posix.join('/', dest, '/').startsWith(outer) && posix.join('/', dest, '/') !== outer;
}
