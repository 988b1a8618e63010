import type { PathFact } from '../facts.js';

/** What a file of facts holds, each key on its own. */
export interface FactsFile {
  /** The whole environment, also of commands. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly home?: string;
  /** As Go names them. */
  readonly os?: string;
  readonly arch?: string;
  readonly hardwareAddress?: string;
  /** What stands at absolute paths of the host. */
  readonly paths?: Readonly<Record<string, PathFact>>;
  /** The regular files below directories of the host. */
  readonly files?: Readonly<Record<string, readonly string[]>>;
  readonly changes?: readonly ChangeRow[];
  /** Lines of known_hosts files, by the host that they speak of. */
  readonly knownHosts?: Readonly<Record<string, readonly string[]>>;
  /** What commands wrote. Of several rows for one command the first answers its first run, and so on; the last answers all later. */
  readonly commands?: readonly CommandRow[];
  /** By `REFERENCE`, or `REFERENCE|OS/ARCH[/VARIANT]` for one platform. */
  readonly images?: Readonly<Record<string, ImageRow>>;
  /** By reference. */
  readonly registry?: Readonly<Record<string, RegistryRow>>;
  /** The digest of every push, or by reference. */
  readonly pushDigest?: string | Readonly<Record<string, string>>;
  readonly frontends?: readonly FrontendRow[];
  /** Texts of files, by module (URI or digest) and path; those of the host by `file://` and absolute path. */
  readonly modules?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The module that stands for all files of the host. */
export const HOST_MODULE = 'file://';

export interface ChangeRow {
  /** Absolute, of the host. */
  readonly path: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** The latest change: nanoseconds since 1970, in decimal. */
  readonly latest: string;
}

export interface CommandRow {
  readonly args: readonly string[];
  /** Absent: whatever directory it runs in. */
  readonly cwd?: string;
  readonly capture?: 'stdout' | 'stderr' | 'both';
  readonly output: string;
  readonly discarded?: string;
  readonly exit?: number | string;
}

export interface ImageRow {
  readonly digest?: string;
  /** The OCI image config, as JSON or as its text. */
  readonly config: unknown;
}

export interface RegistryRow {
  /** Of what the reference names. */
  readonly digest: string;
  /** Of a single image: its manifest and config, as texts. */
  readonly manifest?: string;
  readonly config?: string;
  /** Of an index: its text, and its images by the digests of their manifests. */
  readonly index?: string;
  readonly manifests?: Readonly<Record<string, { readonly manifest: string; readonly config: string }>>;
}

export interface FrontendRow {
  readonly source: string;
  readonly opts?: readonly { readonly key: string; readonly value: string }[];
  readonly inputs?: readonly { readonly key: string; readonly digest: string }[];
  /** Encoded ops in base64. */
  readonly def: readonly string[];
  readonly config?: string;
}

/** A file that is no file of facts. The message says which key is wrong, and what is expected there. */
export class FactsFileError extends Error {
  override readonly name = 'FactsFileError';
}

/**
 * Reads parsed JSON as facts; keys that it doesn't know are left out of it.
 *
 * @throws {FactsFileError}
 */
export function readFactsFile(json: unknown): FactsFile {
  if (!isRecord(json)) throw new FactsFileError('a file of facts holds an object');
  const file: Record<string, unknown> = {};
  for (const [key, { expected, accepts }] of Object.entries(keys)) {
    const value = json[key];
    if (value === undefined) continue;
    if (!accepts(value)) throw new FactsFileError(`the key ${key} of the facts must be ${expected}`);
    file[key] = value;
  }
  // Each key has been checked.
  return file as FactsFile;
}

const pathKinds: readonly PathFact['kind'][] = ['directory', 'file', 'socket', 'other', 'missing', 'unreadable'];

/** The names of the keys, all of them optional. */
const keys: {
  readonly [Key in keyof FactsFile]-?: { readonly expected: string; readonly accepts: (value: unknown) => boolean };
} = {
  env: { expected: 'an object of texts', accepts: isTexts },
  cwd: { expected: 'a text', accepts: isText },
  home: { expected: 'a text', accepts: isText },
  os: { expected: 'a text', accepts: isText },
  arch: { expected: 'a text', accepts: isText },
  hardwareAddress: { expected: 'a text', accepts: isText },
  paths: {
    expected: 'an object of paths, each with a `kind` and its `realPath`',
    accepts: (value) =>
      isRecordOf(value, (row) => isRecord(row) && isText(row.realPath) && pathKinds.some((kind) => kind === row.kind)),
  },
  files: {
    expected: 'an object of directories, each a list of paths',
    accepts: (value) => isRecordOf(value, (paths) => isListOf(paths, isText)),
  },
  changes: {
    expected: 'a list of paths, each with `path` and, in nanoseconds, its `latest` change',
    accepts: (value) =>
      isListOf(
        value,
        (row) =>
          isRecord(row) &&
          isText(row.path) &&
          isText(row.latest) &&
          /^\d+$/.test(row.latest) &&
          isMaybe(row.include, (paths) => isListOf(paths, isText)) &&
          isMaybe(row.exclude, (paths) => isListOf(paths, isText)),
      ),
  },
  knownHosts: {
    expected: 'an object of hosts, each a list of lines',
    accepts: (value) => isRecordOf(value, (lines) => isListOf(lines, isText)),
  },
  commands: {
    expected: 'a list of commands, each with `args` and `output`',
    accepts: (value) =>
      isListOf(
        value,
        (row) =>
          isRecord(row) &&
          isListOf(row.args, isText) &&
          isText(row.output) &&
          isMaybe(row.cwd, isText) &&
          isMaybe(row.discarded, isText) &&
          isMaybe(row.exit, (exit) => isText(exit) || typeof exit === 'number') &&
          isMaybe(row.capture, (capture) => capture === 'stdout' || capture === 'stderr' || capture === 'both'),
      ),
  },
  images: {
    expected: 'an object of images, each with a `config`',
    accepts: (value) =>
      isRecordOf(
        value,
        (row) => isRecord(row) && (isText(row.config) || isRecord(row.config)) && isMaybe(row.digest, isText),
      ),
  },
  registry: {
    expected:
      'an object of references, each with a `digest` and either `manifest` and `config` or `index` and `manifests`',
    accepts: (value) => isRecordOf(value, isRegistryRow),
  },
  pushDigest: { expected: 'a digest or an object of digests', accepts: (value) => isText(value) || isTexts(value) },
  frontends: {
    expected: 'a list of results, each with `source` and `def`',
    accepts: (value) =>
      isListOf(
        value,
        (row) =>
          isRecord(row) &&
          isText(row.source) &&
          isListOf(row.def, isText) &&
          isMaybe(row.config, isText) &&
          isMaybe(row.opts, (opts) => isListOf(opts, (opt) => isRecord(opt) && isText(opt.key) && isText(opt.value))) &&
          isMaybe(row.inputs, (inputs) =>
            isListOf(inputs, (input) => isRecord(input) && isText(input.key) && isText(input.digest)),
          ),
      ),
  },
  modules: {
    expected: 'an object of modules, each an object of texts',
    accepts: (value) => isRecordOf(value, isTexts),
  },
};

function isRegistryRow(row: unknown): boolean {
  if (!isRecord(row) || !isText(row.digest)) return false;
  if (row.index === undefined) return isText(row.manifest) && isText(row.config);
  return (
    isText(row.index) &&
    isRecordOf(row.manifests, (inner) => isRecord(inner) && isText(inner.manifest) && isText(inner.config))
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTexts(value: unknown): boolean {
  return isRecordOf(value, isText);
}

function isRecordOf(value: unknown, accepts: (value: unknown) => boolean): boolean {
  return isRecord(value) && Object.values(value).every(accepts);
}

function isListOf(value: unknown, accepts: (value: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(accepts);
}

function isMaybe(value: unknown, accepts: (value: unknown) => boolean): boolean {
  return value === undefined || accepts(value);
}
