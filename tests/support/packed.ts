import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');
const execute = promisify(execFile);

/** Runs npm in a folder, without a network. Gives what it printed; rejects with that where it fails. */
export function npm(cwd: string, ...args: readonly string[]): Promise<string> {
  return runNpm(cwd, [...args, '--offline']);
}

/** `npm install` in a folder, of packages from a registry on this host, with a cache of its own. */
export async function installFrom(registry: string, cwd: string, ...args: readonly string[]): Promise<void> {
  await runNpm(cwd, [
    'install',
    '--registry',
    registry,
    '--noproxy',
    '127.0.0.1',
    '--cache',
    join(cwd, 'cache'),
    ...args,
  ]);
}

async function runNpm(cwd: string, args: readonly string[]): Promise<string> {
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel', 'error'];
  try {
    const { stdout } = await execute('npm', [...args, ...quiet], { cwd, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const printed = error instanceof Error ? ['stdout', 'stderr'].map((name) => Reflect.get(error, name)).join('') : '';
    throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${printed}`, { cause: error });
  }
}

/** Builds packages of this repository with their own tsconfig. */
export async function buildPackages(folders: readonly string[]): Promise<void> {
  await execute('npx', ['tsc', '-b', ...folders], { cwd: root });
}

/**
 * Packs packages of this repository, and all that they depend on, as they are installed here: an `npm install` of the tarballs that
 * are given asks nobody for anything.
 *
 * @param to Where the tarballs go, absolute.
 */
export async function pack(to: string, folders: readonly string[]): Promise<readonly string[]> {
  const all = new Set<string>();
  for (const folder of folders) addWithDependencies(join(root, folder), all);
  return await packAll(to, all);
}

/** Packs a package that is installed here only if it can be, and those of its own optional packages that fit this system. */
export async function packOptional(to: string, name: string): Promise<readonly string[]> {
  const folder = installed(name, root);
  const { optionalDependencies = {} }: { optionalDependencies?: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const fitting = Object.keys(optionalDependencies).map((optional) => join(root, 'node_modules', optional));
  return await packAll(to, [folder, ...fitting.filter((path) => existsSync(path))]);
}

async function packAll(to: string, all: Iterable<string>): Promise<readonly string[]> {
  const stdout = await npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', to, ...all);
  const packed: readonly { readonly filename: string }[] = JSON.parse(stdout);
  return packed.map(({ filename }) => join(to, filename));
}

function addWithDependencies(folder: string, all: Set<string>): void {
  if (all.has(folder)) return;
  all.add(folder);
  const { dependencies = {} }: { dependencies?: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  for (const name of Object.keys(dependencies)) addWithDependencies(installed(name, folder), all);
}

/** Where a package lies that one in a folder imports. */
function installed(name: string, from: string): string {
  for (let at = from; ; at = dirname(at)) {
    const found = join(at, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (at === dirname(at)) throw new Error(`${name} is not installed for ${from}`);
  }
}
