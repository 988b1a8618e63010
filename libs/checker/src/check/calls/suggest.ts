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

/** The distance up to which a name counts as a misspelling: short names have little room. */
function tolerance(name: string): number {
  return name.length <= 3 ? 1 : 2;
}

/** The candidate that is most like `name`, or `undefined` if none is near. */
export function nearest(
  name: string,
  candidates: Iterable<string>,
  limit: number = tolerance(name),
): string | undefined {
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate === name || candidate === '') continue;
    if (candidate.toLowerCase() === name.toLowerCase()) return candidate;
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name, candidate, bestDistance);
    // A name of as many letters as changes is another name altogether.
    if (distance < bestDistance && distance < name.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

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

/** Levenshtein's distance, two neighbours in the wrong order being one change; anything from `limit` on is given as `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforePrevious[j - 2] ?? 0) + 1);
      }
      row.push(cost);
      smallest = Math.min(smallest, cost);
    }
    if (smallest > limit) return limit;
    beforePrevious = previous;
    previous = row;
  }
  return Math.min(limit, previous[b.length] ?? limit);
}
