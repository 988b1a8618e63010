import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { resolve as resolveImport } from 'import-meta-resolve';
import { satisfies, validRange } from 'semver';
import { CommandError } from '../../command-error.js';
import { VERSION } from '../../version.js';

/** The version of `@hlb/ir` in here: all packages of the project have one version. Run from its sources it counts as released. */
const apiVersion = VERSION.replace(/-.*$/, '');

/** A module with passes, found. */
export interface PassModule {
  /** Of the file, to import. */
  readonly url: string;
  /** The name and version of the package, or the path as it was written. */
  readonly from: string;
}

export interface ResolveOptions {
  /** Where a relative path starts, absolute. */
  readonly base: string;
  /** Where looking for a package starts, absolute. */
  readonly folder: string;
  /** The place that names it, for messages. Absent for one of the command line. */
  readonly named?: string;
  /** Of an error about something that isn't there. */
  readonly exitCode: 1 | 2;
}

/** Finds the module of a package's name or a path. Throws a `CommandError` where there is none, or where it is made for another API. */
export function resolvePass(specifier: string, options: ResolveOptions): PassModule {
  const isPath = /^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..' || isAbsolute(specifier);
  const found = isPath
    ? resolvePath(specifier, resolve(options.base, specifier), options)
    : resolvePackage(specifier, options.folder, options);
  const manifest = nearestManifest(dirname(fileURLToPath(found)));
  const range = manifest?.peerDependencies?.['@hlb/ir'];
  if (range !== undefined && validRange(range) !== null && !satisfies(apiVersion, range)) {
    throw new CommandError(`${specifier} is made for @hlb/ir ${range}, and this hlb has ${apiVersion}`, {
      helps: ['Use a version of it that fits, or another version of hlb.'],
    });
  }
  const version = manifest?.version === undefined ? '' : `@${manifest.version}`;
  return { url: found, from: isPath ? specifier : `${packageName(specifier)}${version}` };
}

function resolvePath(specifier: string, path: string, options: ResolveOptions): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() === true) return pathToFileURL(path).href;
  if (stat?.isDirectory() !== true) throw missing(options, `there is no file ${specifier}`);
  // A folder stands for the package in it.
  const { name, main } = manifestAt(path) ?? {};
  const entry = name === undefined ? undefined : importFrom(name, path);
  if (entry?.startsWith(pathToFileURL(path).href) === true) return entry;
  const file = join(path, main ?? 'index.js');
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return pathToFileURL(file).href;
  throw missing(
    options,
    `the folder ${specifier} has no module to load: ${file} is not there`,
    'Build the package, or name a file.',
  );
}

function resolvePackage(specifier: string, folder: string, options: ResolveOptions): string {
  let reason = 'it has no module to load';
  try {
    const url = resolveImport(specifier, pathToFileURL(join(folder, 'hlb.config.js')).href);
    if (url.startsWith('file:')) return url;
    reason = 'it is a part of Node';
  } catch (error) {
    if (isNotFound(error)) {
      if (statSync(resolve(options.base, specifier), { throwIfNoEntry: false }) !== undefined) {
        throw missing(options, `there is no package ${specifier}`, `For the file of that name, write ./${specifier}.`);
      }
      const name = packageName(specifier);
      if (manifestOf(name, folder) === undefined) {
        throw missing(
          options,
          `there is no package ${name} in ${folder} or a folder above`,
          `Install it: npm install --save-dev ${name}. A path starts with ./ or /.`,
        );
      }
      reason = 'the file that its package.json names is not there';
    } else if (error instanceof Error) reason = error.message;
  }
  throw missing(options, `the package ${specifier} can't be loaded: ${reason}`);
}

function missing({ named, exitCode }: ResolveOptions, message: string, ...helps: readonly string[]): CommandError {
  return new CommandError(named === undefined ? message : `${named}: ${message}`, { exitCode, helps });
}

/** What a package in a folder gives for its own name, where its `exports` say so. */
function importFrom(name: string, folder: string): string | undefined {
  try {
    return resolveImport(name, pathToFileURL(join(folder, 'package.json')).href);
  } catch {
    return undefined;
  }
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly main?: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function nearestManifest(folder: string): Manifest | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const manifest = manifestAt(at);
    if (manifest?.name !== undefined || at === dirname(at)) return manifest;
  }
}

/** The manifest of an installed package. */
function manifestOf(name: string, folder: string): Manifest | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const manifest = manifestAt(join(at, 'node_modules', name));
    if (manifest !== undefined || at === dirname(at)) return manifest;
  }
}

function manifestAt(folder: string): Manifest | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    // What npm itself holds packages to; a wrong type is like none.
    return typeof manifest === 'object' && manifest !== null ? readManifest(manifest) : undefined;
  } catch {
    return undefined;
  }
}

function readManifest(json: object): Manifest {
  const text = (key: string): string | undefined => {
    const value: unknown = Reflect.get(json, key);
    return typeof value === 'string' ? value : undefined;
  };
  const peers: unknown = Reflect.get(json, 'peerDependencies');
  const entries = typeof peers === 'object' && peers !== null ? Object.entries(peers) : [];
  const [name, version, main] = [text('name'), text('version'), text('main')];
  return {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(main === undefined ? {} : { main }),
    peerDependencies: Object.fromEntries(entries.map(([of, range]) => [of, String(range)])),
  };
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}
