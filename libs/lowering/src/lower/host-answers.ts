import { InternalError } from '@hlb/diagnostics';
import { hostPath, type PathFact } from '@hlb/facts';
import type { LocalOp, OpId, ResolvedLocal } from '@hlb/ir';
import type { Lowerer } from './lowerer.js';

/*
 * What ops must know of this host: asked before all, or by a step of their own where it is only known then what to ask. A plan that is
 * looked at and not run may have asked nobody; then what is wanted is taken to be there.
 */

/** What stands where a local points. */
export function resolvedLocal(lowerer: Lowerer, op: LocalOp, id: OpId): ResolvedLocal {
  if (op.resolved !== undefined) return op.resolved;
  const { cwd, home } = lowerer.context.answers;
  const path = hostPath(lowerer.texts.of(op.path), { base: op.base, cwd, home }) ?? '/';
  const told = lowerer.told(id);
  const fact = told?.paths?.get(path) ?? { kind: 'directory', realPath: path };
  if (told === undefined || (fact.kind !== 'directory' && fact.kind !== 'file')) {
    throw new InternalError('a local was not looked up before lowering');
  }
  return { kind: fact.kind, realPath: fact.realPath };
}

/** What stands at a path that a command is served something from. */
export function servicePath(
  lowerer: Lowerer,
  run: OpId,
  path: string,
  assumed: 'file' | 'directory',
): PathFact | undefined {
  const told = lowerer.told(run);
  if (told !== undefined && told.paths === undefined) return { kind: assumed, realPath: path };
  return told?.paths?.get(path) ?? lowerer.context.answers.path(path);
}

/** The regular files below such a directory, relative. */
export function serviceFiles(lowerer: Lowerer, run: OpId, directory: string): readonly string[] {
  return lowerer.told(run)?.files?.get(directory) ?? lowerer.context.answers.files(directory) ?? [];
}

/** The lines of known_hosts files about the host of a git remote. */
export function knownHosts(lowerer: Lowerer, git: OpId, host: string): readonly string[] {
  const told = lowerer.told(git);
  if (told === undefined) return lowerer.context.answers.knownHosts(host);
  return told.text.split('\n').filter((line) => line !== '');
}
