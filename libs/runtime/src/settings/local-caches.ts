import { type Attributes, type CacheEntry, type ContentStore, type Descriptor, OciLayout } from '@hlb/buildkit';
import type { SolveSettings } from './solve-settings.js';

/** The tag of a local cache where none is said. */
const TAG = 'latest';

/** Local caches of a build: what of the settings engines can use, and the directories that sessions serve for it. */
export interface LocalCaches {
  readonly settings: SolveSettings;
  readonly stores: readonly ContentStore[];
  /** What isn't there, a sentence each: a first build has no cache yet. */
  readonly notices: readonly string[];
}

/**
 * Looks up what local caches hold. Engines read and write them through the session, by digests.
 * @throws TransferError when a cache's index can't be read
 */
export async function openLocalCaches(settings: SolveSettings): Promise<LocalCaches> {
  const notices: string[] = [];
  const stores = new Map<string, ContentStore>();
  const imports: CacheEntry[] = [];
  for (const entry of settings.cacheImports ?? []) {
    const src = localPath(entry, 'src');
    if (src === undefined) {
      imports.push(entry);
      continue;
    }
    const { tag = TAG, digest, ...others } = Object.fromEntries(entry.attrs ?? []);
    const found = digest ?? (await new OciLayout(src).resolve(tag))?.digest;
    if (found === undefined) {
      notices.push(`there is no cache ${tag} in ${src}: nothing is taken from it`);
      continue;
    }
    stores.set(storeId(src), { id: storeId(src), path: src });
    imports.push({ type: entry.type, attrs: new Map(Object.entries({ ...others, digest: found })) });
  }
  for (const entry of settings.cacheExports ?? []) {
    const dest = localPath(entry, 'dest');
    if (dest !== undefined) stores.set(storeId(dest), { id: storeId(dest), path: dest, writable: true });
  }
  const used = settings.cacheImports === undefined ? settings : { ...settings, cacheImports: imports };
  return { settings: used, stores: [...stores.values()], notices };
}

/** The directory that a local cache is exported to; `undefined` of others. */
export function exportedDirectory(entry: CacheEntry): string | undefined {
  return localPath(entry, 'dest');
}

/** An export as the engine is asked for it, without what is this client's business. */
export function askedExport(entry: CacheEntry): CacheEntry {
  if (entry.type !== 'local') return entry;
  return { type: entry.type, attrs: new Map([...(entry.attrs ?? [])].filter(([name]) => name !== 'tag')) };
}

/** Enters what was exported into the index of its directory, so that an import finds it by its tag. */
export async function enterExports(entries: readonly CacheEntry[], response: Attributes): Promise<void> {
  const manifest = response.get('cache.manifest');
  const descriptor = manifest === undefined ? undefined : readDescriptor(manifest);
  if (descriptor === undefined) return;
  for (const entry of entries) {
    const dest = exportedDirectory(entry);
    if (dest !== undefined) await new OciLayout(dest).enter(descriptor, { tag: entry.attrs?.get('tag') ?? TAG });
  }
}

function localPath({ type, attrs }: CacheEntry, name: 'src' | 'dest'): string | undefined {
  return type === 'local' ? attrs?.get(name) : undefined;
}

function storeId(path: string): string {
  return `local:${path}`;
}

function readDescriptor(text: string): Descriptor | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { mediaType, digest, size, ...others } = Object.fromEntries(Object.entries(value));
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || typeof size !== 'number') return undefined;
  const { annotations: _, ...fields } = others;
  return { ...fields, mediaType, digest, size };
}
