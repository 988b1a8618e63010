import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Diagnostic, diagnostic } from '@hlb/diagnostics';
import type { PassUse } from '@hlb/ir';
import { loadOutsidePasses, type OutsidePasses } from '@hlb/ir/outside';
import type { Io } from '../../process/io.js';
import { displayName } from '../../source/source-input.js';
import type { Config } from '../config.js';
import { ownPass } from '../own-passes.js';
import { workerFile } from '../workers/worker-files.js';
import type { PassSpec } from './pass-spec.js';
import { resolvePass } from './resolve-pass.js';

/** A pass from outside, and where it comes from. */
export interface LoadedPass {
  readonly use: PassUse;
  /** A package and its version, a path, or the configuration. */
  readonly from: string;
}

export interface LoadedPasses {
  readonly passes: readonly LoadedPass[];
  readonly diagnostics: readonly Diagnostic[];
  /** Ends the threads in which they run. */
  close(): Promise<void>;
}

/** What is to be loaded: a module, the way to its passes, and what its user says of them. */
interface Wanted extends Omit<PassUse, 'pass' | 'outside'> {
  readonly url: string;
  readonly from: string;
  readonly path?: readonly (string | number)[];
}

/**
 * Loads the passes that a configuration and `--pass` name, each module in a thread of its own, all at once. A module that both name is
 * loaded as `--pass` says.
 *
 * @param folder The program's, where packages of `--pass` are looked for.
 */
export async function loadPasses(
  io: Io,
  config: Config | undefined,
  specs: readonly PassSpec[],
  folder: string,
): Promise<LoadedPasses> {
  const own = new Map<string, LoadedPass>();
  const flagged = specs.flatMap(({ specifier, ...rest }): readonly Wanted[] => {
    if (addOwn(own, specifier, rest)) return [];
    return [{ ...resolvePass(specifier, { base: io.cwd, folder, exitCode: 2 }), ...rest }];
  });
  const urls = new Set(flagged.map(({ url }) => url));
  const configured = config === undefined ? [] : wantedOf(io, config, own);
  const wanted = [...configured.filter(({ url, path }) => path !== undefined || !urls.has(url)), ...flagged];

  const worker = wanted.length === 0 ? undefined : await workerFile(io, 'pass-worker');
  const loading = wanted.map(async (each) => ({ each, loaded: await load(each, worker) }));
  const modules = await Promise.all(loading);
  const diagnostics: Diagnostic[] = [];
  const passes: LoadedPass[] = [...own.values()];
  for (const { each, loaded } of modules) {
    diagnostics.push(...loaded.diagnostics);
    const { from, url: _url, path: _path, ...said } = each;
    const options = optionsByName(loaded, each, diagnostics);
    for (const pass of loaded.passes)
      passes.push({ from, use: { ...said, ...options(pass.name), pass, outside: true } });
  }
  return {
    passes,
    diagnostics,
    close: async () => {
      await Promise.all(modules.map(({ loaded }) => loaded.close()));
    },
  };
}

/** Adds a pass of the project that a name asks for, once, as it is asked for first; says whether it is one. */
function addOwn(own: Map<string, LoadedPass>, name: string, said: Omit<PassUse, 'pass'>): boolean {
  const use = own.has(name) ? undefined : ownPass(name);
  if (use !== undefined) own.set(name, { from: 'hlb', use: { ...use, ...said } });
  return own.has(name);
}

function wantedOf(io: Io, config: Config, own: Map<string, LoadedPass>): readonly Wanted[] {
  const base = dirname(config.path);
  const shown = displayName(io.cwd, config.path);
  return config.passes.flatMap(({ pass, ...said }, place): readonly Wanted[] => {
    if (typeof pass === 'string') {
      const named = `${shown}: passes[${place}]`;
      if (addOwn(own, pass, said)) return [];
      return [{ ...said, ...resolvePass(pass, { base, folder: base, named, exitCode: 1 }) }];
    }
    const path = ['default', 'passes', pass.inline, 'pass'];
    return [{ ...said, url: pathToFileURL(config.path).href, from: shown, path }];
  });
}

function load({ url, from, path, timeLimit }: Wanted, worker: URL | undefined): Promise<OutsidePasses> {
  return loadOutsidePasses(url, {
    name: path === undefined ? from : `a pass of ${from}`,
    ...(path === undefined ? {} : { path }),
    ...(timeLimit === undefined ? {} : { timeLimit }),
    ...(worker === undefined ? {} : { worker }),
  });
}

/** The options of each pass of a module: of a single one as they are, of several by their names. */
function optionsByName(
  { passes }: OutsidePasses,
  { from, options }: Wanted,
  diagnostics: Diagnostic[],
): (name: string) => { readonly options?: unknown } {
  if (passes.length <= 1 || options === undefined) return () => (options === undefined ? {} : { options });
  const byName = new Map<string, unknown>(
    typeof options === 'object' && options !== null ? Object.entries(options) : [],
  );
  const names = passes.map(({ name }) => name);
  const others = [...byName.keys()].filter((name) => !names.includes(name));
  if (byName.size === 0 || others.length > 0) {
    diagnostics.push(
      diagnostic('HLB0613', {
        message: `${from} has several passes, so its options must be an object of options by their names`,
        notes: [`passes: ${names.join(', ')}`],
      }),
    );
  }
  return (name) => (byName.has(name) ? { options: byName.get(name) } : {});
}
