import type { CheckedModule, ImportSymbol } from '@hlb/checker';
import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import type { ModuleFiles, ModuleInstance } from '@hlb/lowering';
import type { ModuleDirectory } from './directory.js';

/** A module that was read and checked, and what its imports were found to be. */
export class LoadedModule {
  readonly checked: CheckedModule;
  readonly directory: ModuleDirectory;
  /** Its path in the directory. */
  readonly path: string;
  /** The same for the same file. */
  readonly identity: string;
  readonly instance: ModuleInstance;
  /** What its imports are, also those that close a circle. */
  readonly targets: Map<ImportSymbol, LoadedModule> = new Map();
  /** What was found wrong with it, and with its imports. */
  readonly diagnostics: Diagnostic[] = [];
  /** The text could not be understood: what it exports is not known. */
  readonly unreadable: boolean;
  readonly #imports = new Map<string, ModuleInstance>();

  constructor(init: {
    readonly checked: CheckedModule;
    readonly syntax: readonly Diagnostic[];
    readonly directory: ModuleDirectory;
    readonly path: string;
    readonly identity: string;
    readonly base: string;
    readonly files?: ModuleFiles | undefined;
  }) {
    const { checked, syntax, directory, path, identity, base, files } = init;
    this.checked = checked;
    this.directory = directory;
    this.path = path;
    this.identity = identity;
    this.unreadable = syntax.some(isError);
    const { remote } = directory;
    this.instance = {
      ...{ checked, directory: base, imports: this.#imports },
      ...(remote ? { remote } : {}),
      ...(files === undefined ? {} : { files }),
    };
  }

  get file(): SourceFile {
    return this.checked.file;
  }

  get failed(): boolean {
    return this.diagnostics.some(isError);
  }

  /** Its functions may call those of an import from now on. */
  bring(symbol: ImportSymbol, target: LoadedModule): void {
    this.#imports.set(symbol.name, target.instance);
  }

  has(symbol: ImportSymbol): boolean {
    return this.#imports.has(symbol.name);
  }
}

export function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}
