import type { Connection } from '../connect/connection.js';
import type { SolveOptions } from '../control/solve-request.js';
import { engineCapabilities } from './engine-capabilities.js';
import { classicStoreRefusal } from './image-store.js';

/**
 * What engines that don't know it leave out of a build without a word, or answer in a way that nobody understands. Where a release
 * brought no capability of its own for a feature, another one of that release stands for it.
 */
interface Feature {
  readonly capability: string;
  /** The beginning of a sentence. */
  readonly name: string;
  readonly usedBy: (options: SolveOptions) => boolean;
}

const FEATURES: readonly Feature[] = [
  {
    capability: 'exporter.multiple',
    name: 'more than one output of a build',
    usedBy: ({ exporters = [] }) => exporters.length > 1,
  },
  {
    capability: 'exporter.session',
    name: 'exporters that the session chooses',
    usedBy: ({ enableSessionExporter }) => enableSessionExporter === true,
  },
  { capability: 'source.policy', name: 'a source policy', usedBy: ({ sourcePolicy }) => sourcePolicy !== undefined },
  {
    capability: 'source.policy.session',
    name: 'a source policy that the session decides',
    usedBy: ({ sourcePolicySession = '' }) => sourcePolicySession !== '',
  },
  {
    capability: 'exporter.image.annotations',
    name: 'an annotation of an image',
    usedBy: ({ exporters = [] }) => exporters.some(({ attrs }) => hasKey(attrs, /^annotation[.[-]/)),
  },
  {
    capability: 'exporter.image.attestations',
    name: 'an attestation',
    usedBy: ({ frontendAttrs }) => hasKey(frontendAttrs, /^attest:/),
  },
  {
    capability: 'exporter.sourcedateepoch',
    name: 'a fixed time of what is exported (SOURCE_DATE_EPOCH)',
    usedBy: ({ exporters = [], frontendAttrs }) =>
      exporters.some(({ attrs }) => hasKey(attrs, /^source-date-epoch$/)) ||
      hasKey(frontendAttrs, /^build-arg:SOURCE_DATE_EPOCH$/),
  },
  {
    capability: 'source.policy',
    name: 'an image archive that is not packed (tar=false)',
    usedBy: ({ exporters = [] }) => exporters.some(({ attrs }) => FALSE.test(attrs?.get('tar') ?? '')),
  },
  {
    capability: 'exporter.multiple',
    name: 'rewriting the times of files (rewrite-timestamp)',
    usedBy: ({ exporters = [] }) => exporters.some(({ attrs }) => TRUE.test(attrs?.get('rewrite-timestamp') ?? '')),
  },
  {
    capability: 'passthroughop',
    name: 'a directory that mirrors the result (mode=delete)',
    usedBy: ({ exporters = [] }) =>
      exporters.some(({ type, attrs }) => type === 'local' && attrs?.get('mode') === 'delete'),
  },
  { capability: 'cache.gha', name: 'a cache of GitHub Actions', usedBy: (options) => usesCache(options, 'gha') },
  { capability: 'cache.s3', name: 'a cache in S3', usedBy: (options) => usesCache(options, 's3') },
  { capability: 'cache.azblob', name: 'a cache in Azure', usedBy: (options) => usesCache(options, 'azblob') },
  {
    capability: 'source.git.bundle',
    name: 'a compatibility version',
    usedBy: ({ compatibilityVersion = 0n }) => compatibilityVersion !== 0n,
  },
  {
    capability: 'exec.meta.network.proxy',
    name: "the network through the engine's proxy",
    usedBy: ({ proxyNetwork }) => proxyNetwork === true,
  },
];

/** Go's words for a truth value, as exporters read them. */
const TRUE = /^(1|t|true)$/i;
const FALSE = /^(0|f|false)$/i;

function hasKey(attrs: ReadonlyMap<string, string> | undefined, pattern: RegExp): boolean {
  return [...(attrs?.keys() ?? [])].some((key) => pattern.test(key));
}

function usesCache({ cacheImports = [], cacheExports = [] }: SolveOptions, type: string): boolean {
  return [...cacheImports, ...cacheExports].some((entry) => entry.type === type);
}

/**
 * Makes sure that an engine knows what a build asks for, beyond what engines refuse by themselves.
 * @returns `undefined` where every engine does; else it rejects with a {@link BuildkitError} `UNIMPLEMENTED` that names the release
 */
export function requireCapabilities(
  connection: Connection,
  options: SolveOptions,
  signal?: AbortSignal,
): Promise<void> | undefined {
  const refusal = classicStoreRefusal(connection, options);
  const used = FEATURES.filter(({ usedBy }) => usedBy(options));
  if (used.length === 0) return refusal === undefined ? undefined : Promise.reject(refusal);
  return engineCapabilities(connection, signal).then(({ llb }) => {
    for (const { capability, name } of used) llb.require(capability, name);
    if (refusal !== undefined) throw refusal;
  });
}
