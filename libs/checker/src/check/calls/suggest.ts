import { nearest } from '@hlb/diagnostics';
import { builtinNames, builtinsNamed } from '../../builtins/table.js';
import type { CheckState, ParamEntry } from '../state.js';
import type { Place } from './place.js';

/** What people who know Dockerfiles or shells write for a builtin. */
const FOREIGN_WORDS: Readonly<Record<string, string>> = {
  add: 'copy',
  bash: 'run',
  cd: 'dir',
  chdir: 'dir',
  cp: 'copy',
  cwd: 'dir',
  delete: 'rm',
  exec: 'run',
  file: 'mkfile',
  from: 'image',
  load: 'dockerLoad',
  mkdirp: 'mkdir',
  push: 'dockerPush',
  remove: 'rm',
  rmdir: 'rm',
  save: 'download',
  sh: 'run',
  unlink: 'rm',
  volume: 'volumes',
  workdir: 'dir',
  write: 'mkfile',
};

/** A name that may have been meant where `name` is not known: one that fits the place, else any. */
export function suggestName(
  state: CheckState,
  params: readonly ParamEntry[],
  name: string,
  place: Place | undefined,
): string | undefined {
  const fitting: string[] = [];
  const others: string[] = [];
  const allowed = place?.allowed;
  const sort = (candidate: string, kinds: readonly (string | undefined)[]): void => {
    if (allowed === undefined || kinds.some((kind) => kind !== undefined && allowed.includes(kind))) {
      fitting.push(candidate);
    } else others.push(candidate);
  };
  for (const param of params) sort(param.param.name, [param.word]);
  for (const entry of state.entries.values()) {
    if (entry.kind === 'function') sort(entry.name, [entry.word]);
    else if (entry.kind === 'alias') sort(entry.name, [entry.symbol.type]);
    else if (entry.kind === 'import') others.push(entry.name);
  }
  for (const builtin of builtinNames()) {
    sort(
      builtin,
      builtinsNamed(builtin).map((row) => row.kind),
    );
  }
  const foreign = Object.hasOwn(FOREIGN_WORDS, name.toLowerCase()) ? FOREIGN_WORDS[name.toLowerCase()] : undefined;
  return (
    nearest(name, fitting) ?? (foreign !== undefined && fitting.includes(foreign) ? foreign : nearest(name, others, 1))
  );
}
