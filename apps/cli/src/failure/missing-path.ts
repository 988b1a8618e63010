import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { nearest } from '@hlb/diagnostics';
import type { SyncedDirectory } from '@hlb/plan';
import type { SolvedGraph, SolvedOp } from '@hlb/runtime';
import { visibleText } from '../views/visible-text.js';
import { actionsOf } from './failed-action.js';

/** Names of a folder that are looked at for one that was meant. */
const LOOKED_AT = 10_000;

/** What is known of a path that an op wanted and that is not there. */
export interface MissingPath {
  readonly message: string;
  readonly helps: readonly string[];
}

/**
 * Says which file system lacks the path and, where that is a directory of this host, what may be meant. `place` is that of the change of
 * files that failed, in its vertex.
 */
export function explainMissingPath(
  path: string,
  op: SolvedOp | undefined,
  place: number,
  graph: SolvedGraph,
  around: { readonly directories: readonly SyncedDirectory[]; readonly cwd: string },
): MissingPath {
  const shown = JSON.stringify(visibleText(path));
  const action = actionsOf(op)[place];
  if (action?.$case === 'rm') {
    return { message: `rm: there is no ${shown}`, helps: ['`with allowNotFound` removes it only where it is there.'] };
  }
  const directory = localSource(op, place, graph, around.directories);
  if (directory === undefined) {
    const what = action?.$case === 'copy' ? 'copy: ' : '';
    const where = action?.$case === 'copy' ? 'the file system that it is copied from' : 'the file system that is read';
    return {
      message: `${what}there is no ${shown} in ${where}`,
      helps: ['Paths of copy and run are those of the file system that they read, not of this machine.'],
    };
  }
  const folder = relative(around.cwd, directory.path) || '.';
  return {
    message: `copy: there is no ${shown} in what was sent of the directory ${JSON.stringify(visibleText(folder))}`,
    helps: helpsFor(path, directory),
  };
}

/** The directory of this host that a copy reads. */
function localSource(
  op: SolvedOp | undefined,
  place: number,
  graph: SolvedGraph,
  directories: readonly SyncedDirectory[],
): SyncedDirectory | undefined {
  if (op?.op?.$case !== 'file') return undefined;
  const action = op.op.value.actions[place];
  const input = action === undefined ? undefined : op.inputs[Number(action.secondaryInput)];
  const source = input === undefined ? undefined : graph.op(input.digest)?.op;
  if (source?.$case !== 'source' || !source.value.identifier.startsWith('local://')) return undefined;
  const name = source.value.identifier.slice('local://'.length);
  return directories.find((one) => one.name === name);
}

function helpsFor(path: string, directory: SyncedDirectory): readonly string[] {
  const inside = path.replace(/^\/+/, '');
  if (exists(join(directory.path, inside))) {
    const patterns = [
      ...directory.exclude.map((pattern) => `excludePatterns ${JSON.stringify(pattern)}`),
      ...directory.include.map((pattern) => `includePatterns ${JSON.stringify(pattern)}`),
    ];
    return patterns.length === 0
      ? ['It is there on this machine now: was it made while the build ran?']
      : [`It is there on this machine, but the patterns of the local leave it out: ${patterns.join(', ')}.`];
  }
  const near = nearPath(directory.path, inside);
  const help = near === undefined ? [] : [`Did you mean ${JSON.stringify(`/${near}`)}?`];
  return help.length > 0
    ? help
    : ['Paths are those within the directory: it is the root, and its own name is no part of them.'];
}

/** A path that differs from the one that is missing in the first name that is not there. */
function nearPath(root: string, path: string): string | undefined {
  const names = path.split('/').filter((name) => name !== '');
  let at = '';
  for (const [place, name] of names.entries()) {
    const next = at === '' ? name : `${at}/${name}`;
    if (exists(join(root, next))) {
      at = next;
      continue;
    }
    const near = nearName(name, join(root, at));
    if (near === undefined) return undefined;
    const rest = [...(at === '' ? [] : [at]), near, ...names.slice(place + 1)].join('/');
    return exists(join(root, rest)) ? rest : join(at, near);
  }
  return undefined;
}

function nearName(name: string, folder: string): string | undefined {
  try {
    return nearest(name, readdirSync(folder).slice(0, LOOKED_AT));
  } catch {
    return undefined;
  }
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
