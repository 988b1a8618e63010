import { lstatSync } from 'node:fs';
import { posix } from 'node:path';
import { compileNamePattern } from '@hlb/names';
import { errnoOf, systemError } from '../../transfer-error.js';
import { Pace } from '../pace.js';
import { readLink, systemPath } from '../path-text.js';
import { readDirectory } from '../read-directory.js';
import { sortInSlices } from '../sort-in-slices.js';
import { compareNames } from '../tree-path.js';

/**
 * The include patterns of a transfer with follow paths: the given ones, and the paths with every symbolic link on their way resolved
 * within the root, each link and what it leads to. Links that would leave the root are taken from it, as in a chroot.
 */
export async function resolveFollowPaths(
  root: string,
  paths: readonly string[],
  include: readonly string[],
): Promise<readonly string[]> {
  const resolver = new LinkResolver(root);
  for (const path of paths) await resolver.add(path);
  const targets = withoutNested(await resolver.sorted());
  // The root itself is among them: they restrict nothing.
  if (!targets) return include;
  return withoutNested([...include, ...targets]) ?? [];
}

class LinkResolver {
  readonly #root: string;
  readonly #pace = new Pace();
  /** Names of the links in directories that a wildcard has been looked up in. */
  readonly #linksOf = new Map<string, readonly string[]>();
  readonly #resolved = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** What all that was added has led to, in the order of their bytes. */
  async sorted(): Promise<readonly string[]> {
    const paths = [...this.#resolved];
    const path = (at: number): string => paths[at] ?? '';
    const order = await sortInSlices(paths.length, (a, b) => compareNames(path(a), path(b)), this.#pace);
    return Array.from(order, path);
  }

  async add(path: string): Promise<void> {
    let names = posix.join('/', path).split('/').slice(1);
    let current = '';
    for (;;) {
      if (this.#pace.due()) await this.#pace.rest();
      const [name = '', ...rest] = names;
      current = posix.join(current, name);
      names = rest;
      const targets = await this.#links(current);
      if ((names.length === 0 || targets) && this.#resolved.has(current)) return;
      if (targets) {
        this.#resolved.add(current);
        for (const target of targets) await this.add(posix.join(target, ...names));
        return;
      }
      if (names.length === 0) {
        this.#resolved.add(current);
        return;
      }
    }
  }

  /** Where a link leads, from the root; for a name with wildcards, where the links among its matches lead. */
  async #links(path: string): Promise<readonly string[] | undefined> {
    const name = posix.basename(path);
    if (!hasWildcards(name)) {
      const target = this.#link(path);
      return target === undefined ? undefined : [target];
    }
    const directory = posix.dirname(path);
    const test = compileNamePattern(name);
    const targets: string[] = [];
    for (const link of await this.#list(directory)) {
      if (this.#pace.due()) await this.#pace.rest();
      if (!test(link)) continue;
      const target = this.#link(posix.join(directory, link));
      if (target !== undefined) targets.push(target);
    }
    return targets.length > 0 ? targets : undefined;
  }

  #link(path: string): string | undefined {
    const file = posix.join(this.#root || '/', path);
    try {
      if (lstatSync(systemPath(file), { throwIfNoEntry: false })?.isSymbolicLink() !== true) return undefined;
      const target = readLink(file);
      return target.startsWith('/') ? posix.normalize(target) : posix.join('/', posix.dirname(path), target);
    } catch (error) {
      if (isGone(error)) return undefined;
      throw systemError(error, 'read', file);
    }
  }

  async #list(directory: string): Promise<readonly string[]> {
    const known = this.#linksOf.get(directory);
    if (known) return known;
    const path = posix.join(this.#root || '/', directory);
    try {
      const links: string[] = [];
      for (const entry of await readDirectory(path, this.#pace)) if (entry.kind === 'symlink') links.push(entry.name);
      this.#linksOf.set(directory, links);
      return links;
    } catch (error) {
      if (isGone(error)) return [];
      throw systemError(error, 'read', path);
    }
  }
}

function hasWildcards(name: string): boolean {
  return /[*?[]/.test(name.replace(/\\./gs, ''));
}

function isGone(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOENT' || errno === 'ENOTDIR';
}

/** Drops what is below the entry kept before it, in a list that is taken as sorted; `undefined` if the root is in it. */
function withoutNested(paths: readonly string[]): readonly string[] | undefined {
  const kept: string[] = [];
  let last = '';
  for (const path of paths) {
    if (path === '.') return undefined;
    if (path.startsWith(`${last}/`)) continue;
    kept.push(path);
    last = path;
  }
  return kept;
}
