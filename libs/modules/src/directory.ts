/** Files that belong together: of this host, or of what was built or fetched for an import. */
export interface ModuleDirectory {
  /** The files are not beside those of the program: nothing of this host is named relative to them. */
  readonly remote: boolean;
  /** The digest under which copies are vendored, of a directory that has one. */
  readonly digest: string | undefined;
  /**
   * The path of the file that a module of this directory means with a path.
   * @param from the path of that module; empty for none
   * @throws ModuleFileError where the path has no meaning
   */
  resolve(from: string, path: string): Promise<string>;
  /** The same for the same file, whatever path leads to it. */
  identity(path: string): Promise<string>;
  /** As messages name the file. */
  nameOf(path: string): string;
  /** Where relative paths of the module lead: relative to the current directory, or absolute. */
  baseOf(path: string): string;
  /**
   * The LLB that gives the files, encoded, of a directory that is not of this host; what it needs is then served in the build's session.
   * `undefined` where it can't be a part of another build.
   */
  llb?(): Promise<readonly Uint8Array[] | undefined>;
  /**
   * A file's content.
   * @throws ModuleFileError where it can't be read, ModuleMissingError where only an engine could
   */
  read(path: string): Promise<ModuleText>;
}

export interface ModuleText {
  readonly text: string;
  /** As messages name what was read, where that is not the directory's name for it. */
  readonly name?: string;
}

/** A file that can't be read; the message says why, without the file's name. */
export class ModuleFileError extends Error {
  override readonly name = 'ModuleFileError';
}

/** What holds the file is not here: it must be built or fetched, and nothing can do that now. */
export class ModuleMissingError extends Error {
  override readonly name = 'ModuleMissingError';
}
