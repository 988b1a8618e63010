import { posix } from 'node:path';

/** What only a path has that can be shorter: an empty part, `.` or `..`, or nothing at all. Most paths have none of these. */
const unclean = /^$|^\.{1,2}(?:\/|$)|\/\.{0,2}(?:\/|$)/;

/** The shortest path that means the same; no `/` at the end; `.` for none. */
export function cleanPath(path: string): string {
  if (!unclean.test(path)) return path;
  const clean = posix.normalize(path);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

/** The absolute path of `path` seen from the directory `dir`, which is taken from `/` itself. */
export function absolutePath(dir: string, path: string): string {
  return path.startsWith('/') ? cleanPath(path) : cleanPath(`/${dir}/${path}`);
}

/** As `absolutePath`, but what `path` says at its end is kept: `/` means a directory, `/.` the contents of one. */
export function absoluteTarget(dir: string, path: string): string {
  const clean = absolutePath(dir, path);
  if (path.endsWith('/')) {
    return clean === '/' ? clean : `${clean}/`;
  }
  if (path.endsWith('/.')) {
    return clean === '/' ? '/.' : `${clean}/.`;
  }
  return clean;
}
