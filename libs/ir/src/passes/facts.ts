import {
  type Facts,
  hostPath,
  type ImageConfigFact,
  type ImageRequest,
  type ManifestFact,
  type PathFact,
} from '@hlb/facts';
import { normalizeImageReference } from '@hlb/names';
import type { IrModule } from '../module.js';
import type { HostEnvOp, ImageOp, LocalOp, ManifestOp, Text } from '../ops.js';

/**
 * What a pass can learn from outside, by the name under which it asks for it. A lookup gives `undefined` where nothing is known:
 * offline, or because the text that names the thing is itself known only later.
 */
export interface FactAnswers {
  /** The process's current directory, absolute. */
  readonly cwd: string;
  /** The user's home directory, absolute. */
  readonly home: string;
  /** As Go names it. */
  readonly os: string;
  readonly arch: string;
  /** The value of a variable that the program reads; empty where it is not set. */
  readonly 'host-env': (op: HostEnvOp) => string | undefined;
  /** What the host has where a local points. */
  readonly 'local-path': (op: LocalOp) => PathFact | undefined;
  /** The regular files below a local's directory, relative, sorted; its patterns are not applied. */
  readonly 'local-files': (op: LocalOp) => readonly string[] | undefined;
  readonly 'image-config': (op: ImageOp) => ImageConfigFact | undefined;
  /** What the registry serves for an image; `digest` pins it. */
  readonly manifest: (op: ImageOp | ManifestOp) => ManifestFact | undefined;
}

export type FactKind = keyof FactAnswers;

/** Every kind of fact, in alphabetical order. */
export const factKinds: readonly FactKind[] = [
  'arch',
  'cwd',
  'home',
  'host-env',
  'image-config',
  'local-files',
  'local-path',
  'manifest',
  'os',
];

/** What was fetched for a pass, as data that can cross into a worker. */
export interface FactTable {
  readonly values: ReadonlyMap<'cwd' | 'home' | 'os' | 'arch', string>;
  readonly environment: ReadonlyMap<string, string>;
  readonly paths: ReadonlyMap<string, PathFact>;
  readonly files: ReadonlyMap<string, readonly string[]>;
  readonly images: ReadonlyMap<string, ImageConfigFact>;
  readonly manifests: ReadonlyMap<string, ManifestFact>;
}

/** A fact that could not be had: why, and the text that named the thing. */
export interface FactFailure {
  readonly reason: string;
  readonly text: Text | undefined;
}

export interface FetchedFacts {
  readonly table: FactTable;
  readonly failures: readonly FactFailure[];
}

/** Asks for all that passes with these kinds of facts can want of a module, all at once where nothing depends on another. */
export async function fetchFacts(
  module: IrModule,
  kinds: readonly FactKind[],
  facts: Facts,
  platform: string | undefined,
): Promise<FetchedFacts> {
  const wanted = new Set(kinds);
  const table = {
    values: new Map<'cwd' | 'home' | 'os' | 'arch', string>(),
    environment: new Map<string, string>(),
    paths: new Map<string, PathFact>(),
    files: new Map<string, readonly string[]>(),
    images: new Map<string, ImageConfigFact>(),
    manifests: new Map<string, ManifestFact>(),
  };
  const asked = new Set<string>();
  const failures: FactFailure[] = [];
  const waiting: Promise<void>[] = [];
  /** Starts a question that was not asked yet. */
  const ask = (key: string, text: Text | undefined, question: () => Promise<void>): void => {
    if (asked.has(key)) return;
    asked.add(key);
    waiting.push(
      question().catch((error: unknown) => {
        failures.push({ reason: error instanceof Error ? error.message : String(error), text });
      }),
    );
  };
  for (const name of ['cwd', 'home', 'os', 'arch'] as const) {
    if (wanted.has(name)) {
      ask(name, undefined, async () => {
        table.values.set(name, await facts[name]());
      });
    }
  }
  for (const op of module.ops) {
    if (op.kind === 'host-env' && wanted.has('host-env')) {
      const key = known(op.key);
      if (key === undefined) continue;
      ask(`env ${key}`, op.key, async () => {
        table.environment.set(key, (await facts.environment()).get(key) ?? '');
      });
    } else if (op.kind === 'local' && (wanted.has('local-path') || wanted.has('local-files'))) {
      const key = localKey(op);
      if (key === undefined) continue;
      ask(`local ${key}`, op.path, async () => {
        const [cwd, home] = await Promise.all([facts.cwd(), facts.home()]);
        const path = hostPath(known(op.path) ?? '', { base: op.base, cwd, home });
        if (path === undefined) return;
        const found = await facts.path(path);
        table.paths.set(key, found);
        if (wanted.has('local-files') && found.kind === 'directory') {
          table.files.set(key, await facts.files(found.realPath));
        }
      });
    } else if (op.kind === 'image' && wanted.has('image-config')) {
      const request = imageRequest(op, platform);
      if (request === undefined) continue;
      ask(`config ${requestKey(request)}`, op.ref, async () => {
        const config = await facts.imageConfig(request);
        if (config !== undefined) table.images.set(requestKey(request), config);
      });
    }
    if ((op.kind === 'image' || op.kind === 'manifest') && wanted.has('manifest')) {
      const request = imageRequest(op, platform);
      if (request === undefined) continue;
      ask(`manifest ${requestKey(request)}`, op.ref, async () => {
        const manifest = await facts.manifest(request);
        if (manifest !== undefined) table.manifests.set(requestKey(request), manifest);
      });
    }
  }
  await Promise.all(waiting);
  return { table, failures };
}

/** The lookups that a pass sees: those of the kinds that it declares. */
export function factAnswers(
  table: FactTable | undefined,
  kinds: readonly FactKind[],
  platform: string | undefined,
): Partial<FactAnswers> {
  const all: FactAnswers = {
    cwd: table?.values.get('cwd') ?? '',
    home: table?.values.get('home') ?? '',
    os: table?.values.get('os') ?? '',
    arch: table?.values.get('arch') ?? '',
    'host-env': (op) => find(table?.environment, known(op.key)),
    'local-path': (op) => find(table?.paths, localKey(op)),
    'local-files': (op) => find(table?.files, localKey(op)),
    'image-config': (op) => find(table?.images, imageKey(op, platform)),
    manifest: (op) => find(table?.manifests, imageKey(op, platform)),
  };
  return Object.fromEntries(kinds.map((kind) => [kind, all[kind]]));
}

function find<Value>(map: ReadonlyMap<string, Value> | undefined, key: string | undefined): Value | undefined {
  return key === undefined ? undefined : map?.get(key);
}

function known({ text }: Text): string | undefined {
  return typeof text === 'string' ? text : undefined;
}

function localKey(op: LocalOp): string | undefined {
  const path = known(op.path);
  return path === undefined ? undefined : `${op.base}\0${path}`;
}

function imageKey(op: ImageOp | ManifestOp, platform: string | undefined): string | undefined {
  const request = imageRequest(op, platform);
  return request === undefined ? undefined : requestKey(request);
}

function requestKey({ ref, platform }: ImageRequest): string {
  return `${ref}|${platform ?? ''}`;
}

/** A manifest without a platform is that of `linux/amd64`, whatever the build is for. */
function imageRequest(op: ImageOp | ManifestOp, platform: string | undefined): ImageRequest | undefined {
  const ref = normalizeImageReference(known(op.ref) ?? '');
  if (ref === undefined) return undefined;
  const fallback = op.kind === 'manifest' ? 'linux/amd64' : platform;
  if (op.platform === undefined) return fallback === undefined ? { ref } : { ref, platform: fallback };
  const os = known(op.platform.os);
  const arch = known(op.platform.arch);
  return os === undefined || arch === undefined ? undefined : { ref, platform: `${os}/${arch}` };
}
