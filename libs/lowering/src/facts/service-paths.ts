import { posix } from 'node:path';
import { hostPath } from '@hlb/facts';
import type { RunOp, Text } from '@hlb/ir';
import type { HostPlace } from './host-command.js';

/** A path of this host that a command is served something from. */
export interface ServicePath {
  /** Absolute. */
  readonly path: string;
  /** The files below it are wanted, where it is a directory. */
  readonly withFiles: boolean;
  /** The argument that names it. */
  readonly text: Text;
}

/** The texts of a command that name such paths. */
export function serviceTexts(op: RunOp): readonly Text[] {
  return op.options.flatMap((option) => {
    if (option.kind === 'secret') return [option.localPath];
    return option.kind === 'forward' ? [option.source] : [];
  });
}

/**
 * The paths of this host that must be looked at for a command: secrets, and the directories of sockets that are forwarded.
 *
 * @param textOf the text of an argument; `undefined` for one that is not known, or is no concern of the caller's
 */
export function servicePaths(
  op: RunOp,
  textOf: (text: Text) => string | undefined,
  { cwd, home }: HostPlace,
): readonly ServicePath[] {
  const found: ServicePath[] = [];
  const add = (text: Text, path: string | undefined, withFiles: boolean): void => {
    if (path !== undefined) found.push({ path, withFiles, text });
  };
  for (const option of op.options) {
    if (option.kind === 'secret') {
      const path = textOf(option.localPath);
      if (path !== undefined) add(option.localPath, hostPath(path, { base: option.base, cwd, home }), true);
    } else if (option.kind === 'forward') {
      for (const path of socketPaths(textOf(option.source) ?? '')) {
        const socket = hostPath(path, { base: option.base, cwd, home });
        add(option.source, socket === undefined ? undefined : posix.dirname(socket), false);
      }
    }
  }
  return found;
}

/** The path in a `unix://` URL, in both readings of it. */
function socketPaths(url: string): ReadonlySet<string> {
  if (!url.toLowerCase().startsWith('unix://')) return new Set();
  const rest = url.slice('unix://'.length);
  const slash = rest.indexOf('/');
  return new Set([rest, slash > 0 ? rest.slice(slash) : rest]);
}
