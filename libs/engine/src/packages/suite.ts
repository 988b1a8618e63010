import { existsSync } from 'node:fs';
import { EngineError, orElsewhere } from '../engine-error.js';
import type { Distribution } from './distribution.js';
import type { PackageSource } from './source-list.js';

/** Names by which a system may follow Debian's releases, instead of by codename. */
const debianAliases = ['stable', 'oldstable', 'oldoldstable', 'testing', 'unstable', 'sid'];

/** Suites that get their updates without a suite beside them. */
const withoutUpdates = ['unstable', 'sid'];

/** Debian releases whose C library is too old for the packages of trixie, which ask for glibc 2.34. */
const olderLibrary = ['stretch', 'buster', 'bullseye'];

const keyrings: Readonly<Record<Distribution['family'], string>> = {
  debian: '/usr/share/keyrings/debian-archive-keyring.gpg',
  ubuntu: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
};

/**
 * The suite that the engine comes from when none is asked for. Ubuntu updates Docker within each release that it supports;
 * Debian doesn't, and bookworm's lacks the containerd image store.
 */
export function defaultSuite(distribution: Distribution): string {
  const { family, codename } = distribution;
  if (family === 'debian' && !olderLibrary.includes(codename)) return 'trixie';
  return systemSuite(distribution);
}

/** The suite that the system itself is of, by the name that its own sources use. */
export function systemSuite(distribution: Distribution): string {
  const { family, codename } = distribution;
  const names = ownSources(distribution).map(({ suite }) => suite);
  return (
    names.find((name) => name === codename) ?? names[0] ?? (codename || (family === 'debian' ? 'stable' : 'noble'))
  );
}

/**
 * The sources to fetch packages of `suite` from, in the order in which to try them; each try is a list that is read
 * together (a release with its updates, then it alone). They are the mirrors that the system itself uses.
 * Throws `no-package-source` when it has none of its distribution's.
 */
export function sourcesForSuite(distribution: Distribution, suite: string): PackageSource[][] {
  const own = ownSources(distribution);
  const tries = uniqueBy(own, ({ uri }) => uri).flatMap((base) => {
    const main = forSuite(base, suite, distribution);
    const updates = withoutUpdates.includes(suite) ? [] : updatesOf(suite, distribution);
    return updates.length > 0 ? [[main, ...updates], [main]] : [[main]];
  });
  if (tries.length > 0) return tries;
  const name = distribution.family === 'debian' ? 'Debian' : 'Ubuntu';
  throw new EngineError(
    'no-package-source',
    `No package source of ${`${name} ${distribution.codename}`.trim()} is set up on this system.`,
    orElsewhere(`Add ${name}'s own source to /etc/apt/sources.list.d`),
  );
}

/** The system's sources of its release, the one that most surely is the distribution's own first. */
function ownSources(distribution: Distribution): PackageSource[] {
  const names = releaseNames(distribution);
  return rank(distribution, ({ suite }) => names.includes(suite));
}

/** Where the updates of another suite would be, judging by where those of the system's own are. */
function updatesOf(suite: string, distribution: Distribution): PackageSource[] {
  const names = releaseNames(distribution).flatMap((name) => [`${name}-updates`, `${name}-security`]);
  const updates = rank(distribution, (source) => names.includes(source.suite)).map((source) =>
    forSuite(source, suite + source.suite.slice(source.suite.lastIndexOf('-')), distribution),
  );
  return uniqueBy(updates, (source) => `${source.uri} ${source.suite}`);
}

function releaseNames({ family, codename }: Distribution): string[] {
  return [codename, ...(family === 'debian' ? debianAliases : [])].filter((name) => name !== '');
}

function rank(distribution: Distribution, wanted: (source: PackageSource) => boolean): PackageSource[] {
  return distribution.sources
    .filter((source) => wanted(source) && source.components.includes('main'))
    .map((source) => ({ source, likeness: likeness(source, distribution) }))
    .filter(({ likeness }) => likeness > 0)
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ source }) => source);
}

/**
 * How surely a source is the distribution's own, since vendors' repositories often use a release's name, too. Only the order
 * of tries depends on it: what a source delivers is verified with the key that the system has for it in any case.
 */
function likeness(source: PackageSource, { family, sources }: Distribution): number {
  const { uri, suite, signedBy } = source;
  const host = family === 'debian' ? /\/\/([^/]*\.)?debian\.(org|net)(:\d+)?\// : /\/\/([^/]*\.)?ubuntu\.com(:\d+)?\//;
  if (host.test(`${uri}/`)) return 4;
  if (signedBy?.includes(`${family}-archive-keyring`)) return 3;
  const distributionLike =
    new RegExp(`/${family}(-[a-z]+)?/?$`).test(uri) ||
    sources.some((other) => other.uri === uri && other.suite === `${suite}-updates`) ||
    uri.startsWith('mirror+');
  if (!distributionLike) return 0;
  return signedBy === undefined ? 2 : 1;
}

function forSuite(source: PackageSource, suite: string, { family }: Distribution): PackageSource {
  const keyring = keyrings[family];
  const signedBy = source.signedBy ?? (source.trusted !== true && existsSync(keyring) ? keyring : undefined);
  const components = family === 'ubuntu' ? ['main', 'universe'] : ['main'];
  return { ...source, suite, components, ...(signedBy === undefined ? {} : { signedBy }) };
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
