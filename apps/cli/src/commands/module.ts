import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type CheckedModule, check as checkModule } from '@hlb/checker';
import type { SourceFile } from '@hlb/diagnostics';
import {
  copiesOf,
  type LoadedModules,
  type LoadModulesOptions,
  loadModules,
  ModuleEngine,
  type ModuleNode,
  printTree,
  removeOthers,
  type VendorFolder,
  writeCopies,
} from '@hlb/modules';
import { parse } from '@hlb/parser';
import { CommandError } from '../command-error.js';
import { compileFacts, hostPlatformName, vendorFolders } from '../compiling.js';
import { configFor, programFolder } from '../config/project.js';
import { withRunDefaults } from '../config/run-defaults.js';
import { withLazyEngine } from '../engine/lazy-engine.js';
import { type Io, write } from '../process/io.js';
import type { ModuleFlags } from '../program/module.js';
import type { GlobalOptions } from '../program/options.js';
import { hasErrors, report } from '../report.js';
import { displayName, readSource } from '../source/source-input.js';
import { counted } from '../views/units.js';

export interface ModuleOptions extends GlobalOptions, ModuleFlags {
  readonly file: string;
}

/** A program, read and checked, and where copies of its modules are. */
interface Program {
  readonly file: SourceFile;
  readonly checked: CheckedModule;
  readonly path: string;
  readonly folders: readonly VendorFolder[];
}

/** `hlb module vendor`: keeps copies of all modules from elsewhere, those that the program imports itself fetched anew. */
export async function vendor(io: Io, options: ModuleOptions): Promise<number> {
  const program = await readProgram(io, options);
  if (program === undefined) return 1;
  const { target: names = [] } = options;
  const unknown = names.find((name) => program.checked.symbols.get(name)?.kind !== 'import');
  if (unknown !== undefined) throw new CommandError(`${program.file.name} has no import ${unknown}`);
  if (program.checked.imports.length === 0) {
    await write(io.stderr, `${program.file.name} has no imports\n`);
  }
  const wanted = names.length === 0 ? 'everything' : { imports: names };
  return withModules(io, options, program, { wanted, fresh: true }, async ({ root }) => {
    const copies = copiesOf(root);
    const written = await writeCopies(copies, await folderToWrite(program.folders), 'all');
    for (const { name, digest, path } of written) await write(io.stderr, `vendored ${name}  ${digest}/${path}\n`);
  });
}

/** `hlb module tidy`: adds the copies that are missing, and removes those that no import uses. */
export async function tidy(io: Io, options: ModuleOptions): Promise<number> {
  const program = await readProgram(io, options);
  if (program === undefined) return 1;
  return withModules(io, options, program, { wanted: 'everything' }, async ({ root }) => {
    const folder = await folderToWrite(program.folders);
    const copies = copiesOf(root);
    for (const { name, digest, path } of await writeCopies(copies, folder, 'missing')) {
      await write(io.stderr, `vendored ${name}  ${digest}/${path}\n`);
    }
    for (const digest of await removeOthers(copies, folder)) await write(io.stderr, `removed ${digest}\n`);
  });
}

/** `hlb module tree`: what a program imports, and what that imports. */
export async function tree(io: Io, options: ModuleOptions): Promise<number> {
  const program = await readProgram(io, options);
  if (program === undefined) return 1;
  return withModules(io, options, program, { wanted: 'everything' }, async ({ root }) => {
    if (options.json === true) await write(io.stdout, `${JSON.stringify(nodeJson(root))}\n`);
    else await write(io.stdout, printTree(root, { long: options.long === true }));
  });
}

/** Loads all imports below a program, and does something with them where nothing is wrong. */
async function withModules(
  io: Io,
  flags: ModuleOptions,
  { checked, path, folders }: Program,
  loading: Pick<LoadModulesOptions, 'wanted' | 'fresh'>,
  use: (loaded: LoadedModules) => Promise<void>,
): Promise<number> {
  const options = withRunDefaults(io, flags, await configFor(io, flags, programFolder(io, path)));
  return withLazyEngine(io, options, async (engine, signal) => {
    const live = options.offline !== true && options.facts === undefined;
    const asked = await compileFacts(io, options, live ? engine.facts : undefined, signal);
    const loaded = await loadModules(checked, {
      ...loading,
      ...{ facts: asked.facts, offers: asked.offers, folders, digests: true },
      path: path === '-' ? undefined : path,
      platform: options.platform ?? hostPlatformName(),
      signal,
      ...(live ? { engine: new ModuleEngine({ open: engine.open, signal, facts: asked.facts }) } : {}),
    });
    await report(io, loaded.diagnostics, options);
    if (hasErrors(loaded.diagnostics)) return 1;
    await use(loaded);
    return 0;
  });
}

/** The program; `undefined` where its imports can't be loaded, which has been said. */
async function readProgram(io: Io, options: ModuleOptions): Promise<Program | undefined> {
  const folders = vendorFolders(io.cwd, options.file);
  const path = (await vendoredPath(io, options.file, folders)) ?? options.file;
  const file = await readSource(io, path);
  const { module, diagnostics } = parse(file);
  const checked = checkModule(module, { syntax: diagnostics });
  const found = [...diagnostics, ...checked.diagnostics];
  if (hasErrors(found)) {
    await report(io, found, options);
    return undefined;
  }
  return { file, checked, path, folders };
}

/** The vendored module that `[sha256:]HEX` names by the start of its digest; `undefined` where it names a file. */
async function vendoredPath(io: Io, name: string, folders: readonly VendorFolder[]): Promise<string | undefined> {
  const start = /^(?:([a-z0-9]+):)?([0-9a-f]+)$/.exec(name);
  if (start === null || (await stat(resolve(io.cwd, name)).catch(() => undefined)) !== undefined) return undefined;
  const [, algorithm, hex = ''] = start;
  const found: { readonly folder: VendorFolder; readonly digest: string }[] = [];
  for (const folder of folders) {
    for (const digest of await folder.digests()) {
      const [of, digits = ''] = digest.split(':');
      if ((algorithm === undefined || algorithm === of) && digits.startsWith(hex)) found.push({ folder, digest });
    }
  }
  const [first, ...others] = found;
  if (others.length > 0) {
    throw new CommandError(`${name} is the start of ${counted(found.length, 'digest')} of vendored modules`, {
      helps: found.map(({ digest }) => digest),
    });
  }
  if (first === undefined) {
    if (algorithm === undefined) return undefined;
    throw new CommandError(`no vendored module has the digest ${name}`);
  }
  const main = await first.folder.mainFile(first.digest);
  if (main === undefined) throw new CommandError(`the vendored module ${first.digest} has no module.hlb`);
  return displayName(io.cwd, join(first.folder.directoryOf(first.digest), main));
}

/** The folder that is there; a new one is made beside the program. */
async function folderToWrite(folders: readonly VendorFolder[]): Promise<VendorFolder> {
  const [beside, ...others] = folders;
  if (beside === undefined) throw new CommandError('there is no place for vendored modules');
  for (const folder of [beside, ...others]) if (await folder.exists()) return folder;
  return beside;
}

interface NodeJson {
  readonly file: string;
  readonly digest?: string;
  readonly imports: readonly (NodeJson & { readonly name: string })[];
}

function nodeJson({ file, digest, imports }: ModuleNode): NodeJson {
  return {
    file: file.name,
    ...(digest === undefined ? {} : { digest }),
    imports: [...imports].map(([name, inner]) => ({ name, ...nodeJson(inner) })),
  };
}
