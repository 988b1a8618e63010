import { isAbsolute, relative } from 'node:path';
import type { ImportSymbol } from '@hlb/checker';
import type { Diagnostic } from '@hlb/diagnostics';
import type { Facts } from '@hlb/facts';
import { resolveLater, withLateNeeds } from '@hlb/plan';
import type { ModuleDirectory } from './directory.js';
import type { ModuleEngine } from './engine.js';
import { type GitWay, gitWays } from './git.js';
import { type ExpressionOptions, type ImportedFs, importFs, importText, isEmpty } from './import-expression.js';
import type { LoadedModule } from './loaded-module.js';
import type { ModuleOffers } from './offers.js';
import { type ImportPlace, noLocation, unbuildable } from './problems.js';
import { type RemoteDirectoryOptions, remoteDirectory } from './remote-directory.js';
import { type GitLocation, parseModuleLocation } from './uri.js';
import { vendorDigest } from './vendor/digest.js';
import type { VendorFolder } from './vendor/folder.js';

/** The file at the root of a built file system that is its module. */
const FS_MODULE = 'module.hlb';

/** Where the module of an import is. */
export type Located =
  | { readonly kind: 'file'; readonly directory: ModuleDirectory; readonly path: string }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] };

export interface LocateOptions {
  readonly facts: Facts;
  readonly platform: string;
  readonly engine: ModuleEngine | undefined;
  readonly offers: ModuleOffers;
  /** Vendored copies, in the order in which they are looked for. */
  readonly folders: readonly VendorFolder[];
  /** The digest of every module is wanted, also where that costs a walk through directories. */
  readonly digests: boolean;
  readonly quiet: boolean;
  /** Where paths lead that modules from elsewhere say. */
  readonly base: string;
  readonly signal: AbortSignal | undefined;
  readonly allow: readonly string[] | undefined;
}

/** Finds out where imports come from. The imports that their expressions use must be loaded. */
export class Locator {
  readonly #options: LocateOptions;

  constructor(options: LocateOptions) {
    this.#options = options;
  }

  /** @param fresh its copy is not to be used */
  async locate(module: LoadedModule, symbol: ImportSymbol, fresh: boolean): Promise<Located> {
    const place: ImportPlace = { file: module.file, symbol };
    if (module.checked.exprKind(symbol.decl.expr) === 'string') return this.#text(module, place, fresh);
    const found = await importFs(module.instance, symbol, this.#expressions());
    if (found.kind === 'empty') return failed(unbuildable(place, `an empty file system has no ${FS_MODULE}`));
    if (found.kind !== 'fs') return found;
    const definition = await found.built.definition();
    if (isEmpty(definition)) {
      if (found.built.isLater && this.#options.engine === undefined)
        return { kind: 'unknown', reason: 'a frontend has to make it first' };
      return failed(unbuildable(place, `an empty file system has no ${FS_MODULE}`));
    }
    return this.#built(place, found.built, definition.digests.at(-2) ?? '', fresh);
  }

  async #text(module: LoadedModule, place: ImportPlace, fresh: boolean): Promise<Located> {
    const found = await importText(module.instance, place.symbol, this.#expressions());
    if (found.kind !== 'text') return found;
    const location = parseModuleLocation(found.text);
    switch (location.kind) {
      case 'invalid':
        return failed(noLocation(place, found.text, location.reason, location.help));
      case 'path':
        return { kind: 'file', directory: module.directory, path: location.path };
      case 'git':
        return this.#git(place, found.text, location, fresh);
    }
  }

  async #built(place: ImportPlace, built: ImportedFs, key: string, fresh: boolean): Promise<Located> {
    const { engine, offers } = this.#options;
    if (engine !== undefined)
      offers.offer(
        key,
        engine.files(() => built.step(engine)),
      );
    const digest = (await this.#wantsDigests()) ? vendorDigest(await built.referenceDefinition()) : undefined;
    const digests = digest === undefined ? [] : [digest];
    const llb = async (): Promise<readonly Uint8Array[] | undefined> => {
      if (engine === undefined) return (await built.definition()).def;
      const made = await built.step(engine);
      // Another build would not be allowed what this one was.
      if (withLateNeeds(made.step, made.results).entitlements.length > 0) return undefined;
      await engine.serve(made);
      return resolveLater(made.step.definition, made.results).def;
    };
    return this.#remote(place, FS_MODULE, { keys: [key, ...digests], digests, fresh, current: () => undefined, llb });
  }

  async #git(place: ImportPlace, uri: string, location: GitLocation, fresh: boolean): Promise<Located> {
    const { facts, platform, engine, offers } = this.#options;
    const ways = await gitWays(location, { facts, platform });
    const digests = ways.flatMap((way) => vendorDigest(way.definition) ?? []);
    let taken: GitWay | undefined;
    if (engine !== undefined) {
      const readers = ways.map((way) => ({
        way,
        read: engine.files(async () => ({ step: way.step, results: new Map() })),
      }));
      offers.offer(uri, async (path) => {
        const errors: unknown[] = [];
        for (const { way, read } of readers) {
          if (taken !== undefined && way !== taken) continue;
          try {
            if (way.problem !== undefined) throw new Error(way.problem);
            const text = await read(path);
            taken = way;
            return text;
          } catch (error) {
            errors.push(error);
          }
        }
        throw bothWays(ways, errors);
      });
    }
    const current = (): string | undefined => (taken === undefined ? undefined : vendorDigest(taken.definition));
    const llb = async (): Promise<readonly Uint8Array[] | undefined> => {
      const way = taken ?? ways.find(({ problem }) => problem === undefined);
      if (way !== undefined) await engine?.serve({ step: way.step, results: new Map() });
      return way?.definition.def;
    };
    const path = location.file.replace(/^\/+/, '');
    return this.#remote(place, path, { keys: [uri, ...digests], digests, fresh, current, llb });
  }

  async #remote(
    { file, symbol }: ImportPlace,
    path: string,
    {
      fresh,
      ...of
    }: Pick<RemoteDirectoryOptions, 'keys' | 'digests' | 'current' | 'llb'> & { readonly fresh: boolean },
  ): Promise<Located> {
    const { facts, folders, base } = this.#options;
    const cwd = await facts.cwd();
    const directory = remoteDirectory({
      ...{ name: `${file.name}#${symbol.name}`, ...of, facts, base },
      folders: fresh ? [] : folders,
      shown: (absolute) => {
        const near = relative(cwd, absolute);
        return near.startsWith('..') || isAbsolute(near) ? absolute : near;
      },
    });
    return { kind: 'file', directory, path };
  }

  async #wantsDigests(): Promise<boolean> {
    if (this.#options.digests) return true;
    for (const folder of this.#options.folders) if (await folder.exists()) return true;
    return this.#options.engine === undefined;
  }

  #expressions(): ExpressionOptions {
    const { facts, platform, engine, quiet, signal, allow } = this.#options;
    return { facts, platform, engine, quiet, signal, allow };
  }
}

function failed(diagnostic: Diagnostic): Located {
  return { kind: 'failed', diagnostics: [diagnostic] };
}

/** What each way to a repository failed with, since no one knows which of them was meant. */
function bothWays(ways: readonly GitWay[], errors: readonly unknown[]): unknown {
  const [only, ...others] = errors;
  if (others.length === 0 || !(only instanceof Error)) return only;
  const said = errors.map((error, place) => {
    const reason = error instanceof Error ? error.message : String(error);
    return `${ways[place]?.remote ?? ''}: ${reason}`;
  });
  only.message = said.join('; ');
  return only;
}
