import type { ModuleFileRequest } from '@hlb/facts';

/** Reads a file of a module. */
export type ReadModuleFile = (path: string) => Promise<string>;

/**
 * Modules that can be built or fetched now, by the name under which facts ask for them. It is the live side of `Facts.moduleFile`: what
 * loading modules finds it offers here, and what is asked is recorded like every other fact.
 */
export class ModuleOffers {
  readonly #offers = new Map<string, ReadModuleFile>();
  readonly #read = new Map<string, Promise<string>>();

  /** Of two offers with one name the first stays: they give the same files. */
  offer(module: string, read: ReadModuleFile): void {
    if (!this.#offers.has(module)) this.#offers.set(module, read);
  }

  /** The text of a file, read once; `undefined` for a module that was not offered. */
  async moduleFile({ module, path }: ModuleFileRequest): Promise<string | undefined> {
    const read = this.#offers.get(module);
    if (read === undefined) return undefined;
    const key = JSON.stringify([module, path]);
    const reading = this.#read.get(key) ?? read(path);
    this.#read.set(key, reading);
    return reading;
  }
}
