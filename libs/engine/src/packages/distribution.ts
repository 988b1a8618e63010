import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError, otherEngineHelp } from '../engine-error.js';
import { type PackageSource, parseSourceLines, parseSourceStanzas } from './source-list.js';

/** The system whose packages the engine is made of. */
export interface Distribution {
  readonly family: 'debian' | 'ubuntu';
  /** The release's name in package sources: `bookworm`, `noble`. */
  readonly codename: string;
  /** Binary package sources as the system has them set up. */
  readonly sources: readonly PackageSource[];
}

const keyrings: Readonly<Record<Distribution['family'], string>> = {
  debian: '/usr/share/keyrings/debian-archive-keyring.gpg',
  ubuntu: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
};

/** Names under which a system may follow Debian's releases instead of by codename. */
const rollingNames = ['stable', 'oldstable', 'oldoldstable', 'testing', 'unstable', 'sid'];

/** Debian releases whose C library is too old for the packages of trixie (they ask for glibc 2.34). */
const beforeTrixiePackages = ['bullseye', 'buster', 'stretch'];

/** Reads what the system is and where its packages come from. `root` is `/` but for tests. */
export async function readDistribution(root = '/'): Promise<Distribution> {
  const release = parseOsRelease(await readFile(join(root, 'etc/os-release'), 'utf8').catch(() => ''));
  const like = `${release.get('ID') ?? ''} ${release.get('ID_LIKE') ?? ''}`.split(' ');
  const family = like.includes('ubuntu') ? 'ubuntu' : like.includes('debian') ? 'debian' : undefined;
  const sources = await readSources(root);
  const codename =
    release.get(family === 'ubuntu' ? 'UBUNTU_CODENAME' : 'DEBIAN_CODENAME') ?? release.get('VERSION_CODENAME') ?? '';
  if (family === undefined)
    throw new EngineError(
      'no-package-source',
      `A managed engine is made of Debian's or Ubuntu's packages, and this system is ${release.get('PRETTY_NAME') ?? 'neither'}.`,
      otherEngineHelp,
    );
  return { family, codename, sources };
}

/** The suite that the engine's packages come from when none is asked for. */
export function defaultSuite(distribution: Pick<Distribution, 'family' | 'codename'>): string {
  // Ubuntu updates Docker within each release that it supports; Debian doesn't, and bookworm's lacks the containerd image store.
  if (distribution.family === 'ubuntu') return distribution.codename || 'noble';
  return beforeTrixiePackages.includes(distribution.codename) ? distribution.codename : 'trixie';
}

/**
 * The sources for packages of `suite`, best first: each a list that is read together (the release and its updates).
 * They are the mirror that the system itself uses. Throws `no-package-source` when it has none of its distribution's.
 */
export function sourcesForSuite(distribution: Distribution, suite: string): PackageSource[][] {
  const { family, codename } = distribution;
  const own = [codename, ...(family === 'debian' ? rollingNames : [])].filter((name) => name !== '');
  const candidates = distribution.sources
    .filter((source) => own.includes(source.suite) && source.components.includes('main'))
    .map((source) => ({ source, score: likeness(source, distribution) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ source }) => source);
  const lists: PackageSource[][] = [];
  for (const base of uniqueBy(candidates, (source) => source.uri)) {
    const main = forSuite(base, suite, distribution);
    const updates = distribution.sources
      .filter((source) => own.some((name) => [`${name}-updates`, `${name}-security`].includes(source.suite)))
      .filter((source) => source.components.includes('main') && likeness(source, distribution) > 0)
      .map((source) => forSuite(source, `${suite}${source.suite.slice(source.suite.lastIndexOf('-'))}`, distribution));
    if (updates.length > 0 && suite !== 'sid' && suite !== 'unstable')
      lists.push([main, ...uniqueBy(updates, (source) => `${source.uri} ${source.suite}`)]);
    lists.push([main]);
  }
  if (lists.length > 0) return lists;
  const name = family === 'debian' ? 'Debian' : 'Ubuntu';
  throw new EngineError(
    'no-package-source',
    `No package source of ${name}${codename ? ` ${codename}` : ''} is set up on this system.`,
    `Add ${name}'s own source to /etc/apt/sources.list.d. Or: ${otherEngineHelp}`,
  );
}

/** The fields of /etc/os-release (os-release(5)), without their quotes. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z0-9_]+)=(?:"(.*)"|'(.*)'|(.*))\s*$/.exec(line);
    if (match) fields.set(match[1] ?? '', match[2] ?? match[3] ?? match[4] ?? '');
  }
  return fields;
}

async function readSources(root: string): Promise<PackageSource[]> {
  const folder = join(root, 'etc/apt/sources.list.d');
  const names = (await readdir(folder).catch(() => [])).sort();
  const files = [join(root, 'etc/apt/sources.list'), ...names.map((name) => join(folder, name))];
  const sources: PackageSource[] = [];
  for (const file of files) {
    if (!/\.(list|sources)$/.test(file)) continue;
    const text = await readFile(file, 'utf8').catch(() => '');
    sources.push(...(file.endsWith('.sources') ? parseSourceStanzas(text) : parseSourceLines(text)));
  }
  return sources;
}

/**
 * How surely a source is the distribution's own: others (a vendor's repository) often use the release's name, too.
 * Only the order of tries depends on it: what a source delivers must bear the distribution's signature in any case.
 */
function likeness(source: PackageSource, { family, sources }: Distribution): number {
  const { uri, suite } = source;
  if (family === 'debian' && /\/\/([^/]*\.)?debian\.(org|net)(:\d+)?\//.test(`${uri}/`)) return 4;
  if (family === 'ubuntu' && /\/\/([^/]*\.)?ubuntu\.com(:\d+)?\//.test(`${uri}/`)) return 4;
  if (source.signedBy?.includes(`${family}-archive-keyring`)) return 3;
  const foreignKey = source.signedBy !== undefined;
  if (new RegExp(`/${family}(-[a-z]+)?/?$`).test(uri)) return foreignKey ? 1 : 2;
  const hasUpdates = sources.some((other) => other.uri === uri && other.suite === `${suite}-updates`);
  if (hasUpdates || (!foreignKey && /^mirror\+/.test(uri))) return foreignKey ? 1 : 2;
  return 0;
}

function forSuite(source: PackageSource, suite: string, { family }: Distribution): PackageSource {
  const keyring = keyrings[family];
  const signedBy = source.signedBy ?? (source.trusted !== true && existsSync(keyring) ? keyring : undefined);
  const components = family === 'ubuntu' ? ['main', 'universe'] : ['main'];
  return { ...source, suite, components, ...(signedBy === undefined ? {} : { signedBy }) };
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Map(items.map((item) => [key(item), item]));
  return [...seen.values()];
}
