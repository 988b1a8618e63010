import type {
  ChangeRequest,
  CommandRequest,
  CommandResult,
  Facts,
  FrontendFact,
  FrontendRequest,
  HostFacts,
  ImageConfigFact,
  ImageRequest,
  ManifestFact,
} from '../facts.js';
import { type CommandRow, type FactsFile, HOST_MODULE, type RegistryRow, readFactsFile } from './facts-file.js';

/**
 * Answers from a file of facts. What is asked of the host and not in the file, the host answers; of engines, registries, frontends
 * and modules nothing else is known, as offline.
 *
 * @param json The parsed file.
 * @throws {FactsFileError}
 */
export function recordedFacts(json: unknown, host: HostFacts): Facts {
  const file = readFactsFile(json);
  const environment = file.env === undefined ? undefined : new Map(Object.entries(file.env));
  const commands = new CommandRows(file.commands ?? []);
  return {
    environment: async () => environment ?? host.environment(),
    cwd: async () => file.cwd ?? host.cwd(),
    home: async () => file.home ?? host.home(),
    os: async () => file.os ?? host.os(),
    arch: async () => file.arch ?? host.arch(),
    hardwareAddress: async () => file.hardwareAddress ?? host.hardwareAddress(),
    path: async (path) => own(file.paths, path) ?? host.path(path),
    files: async (directory) => own(file.files, directory) ?? host.files(directory),
    moduleText: async (path) => own(own(file.modules, HOST_MODULE), path) ?? host.moduleText(path),
    knownHosts: async (name) => own(file.knownHosts, name) ?? host.knownHosts(name),
    latestChange: (request) => latestChange(file, request, host),
    command: async (request) =>
      commands.answer(request) ?? host.command(environment === undefined ? request : { environment, ...request }),
    imageConfig: async (request) => imageConfig(file, request),
    manifest: async (request) => {
      const row = own(file.registry, request.ref);
      return row === undefined ? undefined : manifestOf(row, request);
    },
    frontend: async (request) => frontendResult(file, request),
    pushDigest: async (ref) => (typeof file.pushDigest === 'string' ? file.pushDigest : own(file.pushDigest, ref)),
    moduleFile: async ({ module, path }) => own(own(file.modules, module), path),
  };
}

/** A key of an object that came from JSON, but none of its prototype's. */
function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Of a path that the file knows and this host has not, nothing is known: it was never changed. */
async function latestChange(file: FactsFile, request: ChangeRequest, host: HostFacts): Promise<bigint> {
  const key = changeKey(request);
  const row = file.changes?.find(
    ({ path, include = [], exclude = [] }) => changeKey({ path, include, exclude }) === key,
  );
  if (row !== undefined) return BigInt(row.latest);
  const asked = host.latestChange(request);
  return Object.values(file.paths ?? {}).some(({ realPath }) => realPath === request.path)
    ? asked.catch(() => 0n)
    : asked;
}

/** What tells questions for the latest change apart. */
export function changeKey({ path, include, exclude }: ChangeRequest): string {
  return JSON.stringify([path, include, exclude]);
}

class CommandRows {
  readonly #rows: readonly CommandRow[];
  readonly #used = new Set<CommandRow>();

  constructor(rows: readonly CommandRow[]) {
    this.#rows = rows;
  }

  answer(request: CommandRequest): CommandResult | undefined {
    const fitting = this.#rows.filter((row) => fits(row, request));
    const row = fitting.find((each) => !this.#used.has(each)) ?? fitting.at(-1);
    if (row === undefined) return undefined;
    this.#used.add(row);
    return { output: row.output, discarded: row.discarded ?? '', exit: row.exit ?? 0 };
  }
}

function fits(row: CommandRow, { args, cwd, capture }: CommandRequest): boolean {
  return (
    row.args.length === args.length &&
    row.args.every((arg, index) => arg === args[index]) &&
    (row.cwd === undefined || row.cwd === cwd) &&
    (row.capture ?? 'stdout') === capture
  );
}

/** The row of the platform, with and without its variant, else that of all platforms. */
function imageConfig(file: FactsFile, { ref, platform = '' }: ImageRequest): ImageConfigFact | undefined {
  const [os, arch] = platform.split('/');
  for (const key of [`${ref}|${platform}`, `${ref}|${os}/${arch}`, ref]) {
    const row = own(file.images, key);
    if (row === undefined) continue;
    const config = typeof row.config === 'string' ? row.config : JSON.stringify(row.config);
    return row.digest === undefined ? { config } : { digest: row.digest, config };
  }
  return undefined;
}

function manifestOf(row: RegistryRow, { ref, platform = 'linux/amd64' }: ImageRequest): ManifestFact {
  const { digest, index } = row;
  if (index === undefined) return { digest, manifest: row.manifest ?? '', config: row.config ?? '' };
  const found = digestInIndex(index, platform);
  const image = found === undefined ? undefined : own(row.manifests, found);
  if (image === undefined) throw new Error(`${ref} has no image for ${platform} in the facts`);
  return { digest, index, ...image };
}

/** The digest of the first manifest of an index that is for a platform; one without a variant takes any. */
function digestInIndex(index: string, platform: string): string | undefined {
  const parsed: unknown = JSON.parse(index);
  const [os, architecture, variant] = platform.split('/');
  for (const manifest of listIn(parsed, 'manifests')) {
    const of = memberOf(manifest, 'platform');
    const digest = memberOf(manifest, 'digest');
    if (
      typeof digest === 'string' &&
      memberOf(of, 'os') === os &&
      memberOf(of, 'architecture') === architecture &&
      (variant === undefined || memberOf(of, 'variant') === variant)
    ) {
      return digest;
    }
  }
  return undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name);
  return Array.isArray(list) ? list : [];
}

function frontendResult(file: FactsFile, request: FrontendRequest): FrontendFact | undefined {
  const key = frontendKey(request);
  const row = file.frontends?.find(
    ({ source, opts = [], inputs = [] }) => frontendKey({ source, opts, inputs }) === key,
  );
  if (row === undefined) return undefined;
  return { def: row.def.map((op) => new Uint8Array(Buffer.from(op, 'base64'))), config: row.config ?? '' };
}

/** What tells requests apart: of equal keys the last counts, and the order of keys doesn't. */
export function frontendKey({ source, opts, inputs }: FrontendRequest): string {
  const sorted = (pairs: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] =>
    [...new Map(pairs)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify([
    source,
    sorted(opts.map(({ key, value }) => [key, value])),
    sorted(inputs.map(({ key, digest }) => [key, digest])),
  ]);
}
