import { posix } from 'node:path';
import { type CheckedModule, check, checkReferences, type ImportSymbol, interfaceOf } from '@hlb/checker';
import { type Diagnostic, type SourceFile, sourceFile } from '@hlb/diagnostics';
import type { Facts } from '@hlb/facts';
import type { ModuleInstance } from '@hlb/lowering';
import { parse } from '@hlb/parser';
import { ModuleFileError, ModuleMissingError } from './directory.js';
import { ModuleBuildError, type ModuleEngine } from './engine.js';
import { hostDirectory } from './host-directory.js';
import { constantText } from './import-expression.js';
import { isError, LoadedModule } from './loaded-module.js';
import { Locator } from './locate.js';
import { ModuleGraph } from './module-graph.js';
import { ModuleOffers } from './offers.js';
import { type ImportPlace, notChecked, notHere, unbuiltModule, unreadable } from './problems.js';
import { allUses, callsLocal, type Uses, usesOf, usesOfExpression } from './uses.js';
import type { VendorFolder } from './vendor/folder.js';

export interface LoadModulesOptions {
  /**
   * What of the program is wanted: some targets; the program as a whole, with what it takes from its imports; every import of every
   * module below it; or that of some of its imports.
   */
  readonly wanted:
    | { readonly targets: readonly string[] }
    | 'program'
    | 'everything'
    | { readonly imports: readonly string[] };
  /** The program's path, relative to the current directory or absolute; `undefined` where it has none (standard input). */
  readonly path: string | undefined;
  readonly facts: Facts;
  /** `os/arch[/variant]` of what doesn't say another. */
  readonly platform: string;
  /** Builds what has to be built; without it only copies, facts and files are read. */
  readonly engine?: ModuleEngine;
  /** The live side of `facts.moduleFile`; with an engine it must be the one that the facts ask. */
  readonly offers?: ModuleOffers;
  /** Where vendored copies are, in the order in which they are looked for. */
  readonly folders?: readonly VendorFolder[];
  /** Copies of the program's own imports are not to be used, only those of deeper ones. */
  readonly fresh?: boolean;
  /** Give every module the digest under which it is vendored. */
  readonly digests?: boolean;
  /** Run nothing; say of what can't be read without that that it was left out. */
  readonly quiet?: boolean;
  /** What modules from elsewhere may ask for, where their imports are built; without it they may ask for all. */
  readonly allow?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface LoadedModules {
  /** The program's imports by name, for compiling it. */
  readonly imports: ReadonlyMap<string, ModuleInstance>;
  /** The program and all modules below it. */
  readonly root: ModuleNode;
  /** Of the modules, and of what is taken from them; of the program itself none that the checker has reported. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that was read, the program first. */
  readonly files: readonly SourceFile[];
}

/** A module and its imports, as far as they were loaded. */
export interface ModuleNode {
  readonly file: SourceFile;
  /** In its directory: for a module of this host, as the file is named. */
  readonly path: string;
  /** Of a module from elsewhere, where `digests` are wanted or a copy was found. */
  readonly digest: string | undefined;
  /** In the order of their declaration. */
  readonly imports: ReadonlyMap<string, ModuleNode>;
}

/**
 * Loads the imports that are wanted of a program, each after those that its expression uses, others side by side, each once; and checks
 * what is taken from them. Never throws for what is wrong with a program or a module.
 */
export async function loadModules(checked: CheckedModule, options: LoadModulesOptions): Promise<LoadedModules> {
  return new Loader(options).load(checked);
}

class Loader {
  readonly #options: LoadModulesOptions;
  readonly #graph = new ModuleGraph();
  readonly #modules = new Map<string, Promise<LoadedModule>>();
  readonly #targets = new Map<ImportSymbol, Promise<LoadedModule | undefined>>();
  readonly #names = new Map<LoadedModule, Map<string, Promise<void>>>();
  #locator: Locator | undefined;
  #root: LoadedModule | undefined;

  constructor(options: LoadModulesOptions) {
    this.#options = options;
  }

  async load(checked: CheckedModule): Promise<LoadedModules> {
    const { facts, path, platform, wanted } = this.#options;
    const directory = hostDirectory(facts);
    const base = path === undefined ? '.' : directory.baseOf(path);
    const identity = path === undefined ? '' : await directory.identity(path);
    const root = new LoadedModule({ checked, syntax: [], directory, path: path ?? '', identity, base });
    this.#root = root;
    this.#locator = new Locator({
      ...{ facts, platform, base, engine: this.#options.engine, offers: this.#options.offers ?? new ModuleOffers() },
      ...{ folders: this.#options.folders ?? [], digests: this.#options.digests ?? false },
      ...{ quiet: this.#options.quiet ?? false, signal: this.#options.signal },
      allow: this.#options.allow,
    });
    await this.#require(root, wantedUses(checked, wanted));
    const modules = inOrder(root);
    const diagnostics = [...modules.flatMap((module) => sorted(module.diagnostics)), ...this.#graph.cycles(root)];
    return { imports: root.instance.imports, root: nodeOf(root), diagnostics, files: modules.map(({ file }) => file) };
  }

  async #require(module: LoadedModule, uses: Uses): Promise<void> {
    await Promise.all([...uses].map(([symbol, members]) => this.#import(module, symbol, members)));
  }

  async #import(module: LoadedModule, symbol: ImportSymbol, members: ReadonlySet<string>): Promise<void> {
    const target = await this.#target(module, symbol);
    if (target === undefined || target.unreadable) return;
    const started = this.#names.get(target) ?? new Map<string, Promise<void>>();
    this.#names.set(target, started);
    const { wanted } = this.#options;
    const everything = wanted === 'everything' || (typeof wanted === 'object' && 'imports' in wanted);
    const names = everything ? [''] : [...members];
    const fresh = names.filter((name) => !started.has(name));
    if (fresh.length > 0) {
      const reading = this.#evaluated(target, fresh, everything);
      for (const name of fresh) started.set(name, reading);
    }
    await Promise.all(names.map((name) => started.get(name)));
  }

  /** Loads what evaluating some names of an imported module needs. */
  async #evaluated(module: LoadedModule, names: readonly string[], everything: boolean): Promise<void> {
    report(module, everything ? [] : module.checked.blocking(names));
    if (module.failed) return;
    await this.#require(module, everything ? allUses(module.checked) : usesOf(module.checked, names));
  }

  /** The module that an import stands for; `undefined` where there is none, which has been reported. */
  #target(module: LoadedModule, symbol: ImportSymbol): Promise<LoadedModule | undefined> {
    let target = this.#targets.get(symbol);
    if (target === undefined) {
      target = this.#resolve(module, symbol);
      this.#targets.set(symbol, target);
    }
    return target;
  }

  async #resolve(module: LoadedModule, symbol: ImportSymbol): Promise<LoadedModule | undefined> {
    const place: ImportPlace = { file: module.file, symbol };
    const uses = usesOfExpression(module.checked, symbol.decl.expr);
    // An import that needs itself: the checker has said so.
    if (needsItself(module, symbol)) return undefined;
    await this.#require(module, uses);
    const missing = [...uses.keys()].find((used) => !module.has(used));
    if (missing !== undefined) {
      if (this.#options.quiet === true)
        report(module, [notChecked(place, `it is taken from the import ${missing.name}`)]);
      return undefined;
    }
    const broken = module.failed || module.checked.diagnostics.some(isError);
    if (broken && constantText(symbol.decl.expr) === undefined) return undefined;
    const fresh = this.#options.fresh === true && module === this.#root;
    const located = await this.#locator?.locate(module, symbol, fresh);
    switch (located?.kind) {
      case undefined:
        return undefined;
      case 'failed':
        report(module, located.diagnostics);
        return undefined;
      case 'unknown':
        report(module, [this.#options.quiet === true ? notChecked(place, located.reason) : notHere(place)]);
        return undefined;
      case 'file': {
        const target = await this.#read(located, place, module);
        if (target === undefined) return undefined;
        module.targets.set(symbol, target);
        if (!this.#graph.link(module, target)) return undefined;
        module.bring(symbol, target);
        if (!target.unreadable) {
          report(module, checkReferences(module.checked, new Map([[symbol.name, interfaceOf(target.checked)]])));
        }
        return target;
      }
    }
  }

  async #read(
    { directory, path: said }: { readonly directory: LoadedModule['directory']; readonly path: string },
    place: ImportPlace,
    importer: LoadedModule,
  ): Promise<LoadedModule | undefined> {
    try {
      const path = await directory.resolve(directory === importer.directory ? importer.path : '', said);
      const key = `${directory.remote} ${directory.nameOf(path)}`;
      const reading = this.#modules.get(key) ?? readModule(directory, path);
      this.#modules.set(key, reading);
      return await reading;
    } catch (error) {
      const found = this.#problem(error, place, said, importer);
      if (found === undefined) throw error;
      report(importer, [found]);
      return undefined;
    }
  }

  #problem(error: unknown, place: ImportPlace, path: string, importer: LoadedModule): Diagnostic | undefined {
    if (error instanceof ModuleFileError) return unreadable(place, path, error.message);
    if (error instanceof ModuleMissingError) {
      return this.#options.quiet === true ? notChecked(place, 'it has to be built or fetched first') : notHere(place);
    }
    if (!(error instanceof ModuleBuildError)) return undefined;
    const known = this.#root === undefined ? [] : inOrder(this.#root).map(({ file }) => file);
    return unbuiltModule(place, error, [importer.file, ...known]);
  }
}

function wantedUses(checked: CheckedModule, wanted: LoadModulesOptions['wanted']): Uses {
  if (typeof wanted === 'string') return allUses(checked);
  if ('targets' in wanted) return usesOf(checked, wanted.targets);
  return new Map([...allUses(checked)].filter(([symbol]) => wanted.imports.includes(symbol.name)));
}

async function readModule(directory: LoadedModule['directory'], path: string): Promise<LoadedModule> {
  const [{ text, name }, identity] = await Promise.all([directory.read(path), directory.identity(path)]);
  const { module, diagnostics } = parse(sourceFile(name ?? directory.nameOf(path), text));
  const checked = check(module, { syntax: diagnostics });
  const base = directory.baseOf(path);
  const def = callsLocal(module) ? await directory.llb?.() : undefined;
  const files = def === undefined ? undefined : { def, directory: posix.dirname(`/${path}`) };
  const loaded = new LoadedModule({ checked, syntax: diagnostics, directory, path, identity, base, files });
  report(loaded, [...diagnostics, ...checked.diagnostics].filter(isError));
  return loaded;
}

function report(module: LoadedModule, found: readonly Diagnostic[]): void {
  for (const each of found) if (!module.diagnostics.includes(each)) module.diagnostics.push(each);
}

/** Whether evaluating an import's expression would need the import, by way of others of the module. */
function needsItself({ checked }: LoadedModule, symbol: ImportSymbol): boolean {
  const met = new Set(usesOfExpression(checked, symbol.decl.expr).keys());
  for (const used of met) for (const next of usesOfExpression(checked, used.decl.expr).keys()) met.add(next);
  return met.has(symbol);
}

/** A module and those below it, each once, as they are declared. */
function inOrder(root: LoadedModule): readonly LoadedModule[] {
  const found = new Set<LoadedModule>();
  const open = [root];
  for (let module = open.pop(); module !== undefined; module = open.pop()) {
    if (found.has(module)) continue;
    found.add(module);
    const { targets, checked } = module;
    open.push(...checked.imports.flatMap((symbol) => targets.get(symbol) ?? []).reverse());
  }
  return [...found];
}

function sorted(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const start = ({ labels }: Diagnostic): number => labels[0]?.span.start ?? 0;
  return [...diagnostics].sort((a, b) => start(a) - start(b));
}

function nodeOf(root: LoadedModule): ModuleNode {
  const nodes = new Map<LoadedModule, ModuleNode & { readonly imports: Map<string, ModuleNode> }>();
  const modules = inOrder(root);
  for (const module of modules) {
    const { file, path, directory } = module;
    nodes.set(module, { file, path, digest: directory.digest, imports: new Map() });
  }
  for (const module of modules) {
    for (const symbol of module.checked.imports) {
      const target = module.targets.get(symbol);
      const node = target === undefined || !module.has(symbol) ? undefined : nodes.get(target);
      if (node !== undefined) nodes.get(module)?.imports.set(symbol.name, node);
    }
  }
  return nodes.get(root) ?? { file: root.file, path: root.path, digest: undefined, imports: new Map() };
}
