import { ENTRY, ENVIRONMENT, SESSION } from '../arguments/engine-forms.js';
import { checkArguments, fields, list, map, optional, TEXT } from '../arguments/forms.js';
import type { Attributes, CacheEntry } from '../control/solve-request.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import { parseJson } from '../errors/foreign-json.js';
import { isDescriptor, OciLayout } from '../session/content/oci-layout.js';
import type { Session } from '../session/session.js';
import { withCredentials } from './cache-credentials.js';

/** Caches as a person names them, with those attributes that are the client's own. */
export interface CacheRequest {
  readonly imports?: readonly CacheEntry[];
  readonly exports?: readonly CacheEntry[];
}

/** Caches as an engine takes them, with all that they need of the session. */
export interface ServedCaches {
  /** For `cacheImports` of a solve. */
  readonly imports: readonly CacheEntry[];
  /** For `cacheExports` of a solve. */
  readonly exports: readonly CacheEntry[];
  /** Local caches that were to be imported and are not there, each a sentence: the build goes on without them. */
  readonly missing: readonly string[];
  /**
   * Enters what was exported into the index of a local cache, so that it is found again. To be called when the build is done.
   * @param response what the solve answered
   */
  finish(response: Attributes): Promise<void>;
}

/**
 * Does the client's part for caches: directories are served over the session (`local`, with `dest`, `src` and `tag`), the digest of what
 * is imported from one is looked up, and credentials of the cloud are taken from the environment where no attribute gives them (`gha`,
 * `s3`, `azblob`). `registry` and `inline` are the engine's alone.
 * @throws BuildkitError `INVALID_ARGUMENT` for an entry that lacks what its type needs
 * @throws TransferError for an index that can't be read
 */
export async function serveCaches(
  session: Session,
  request: CacheRequest,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ServedCaches> {
  checkArguments('serveCaches', {
    session: [session, SESSION],
    request: [request, fields({ imports: optional(list(ENTRY)), exports: optional(list(ENTRY)) })],
    env: [env, ENVIRONMENT],
  });
  const imports: CacheEntry[] = [];
  const missing: string[] = [];
  for (const entry of request.imports ?? []) {
    if (entry.type !== 'local') imports.push(withCredentials(entry, env));
    else {
      const found = await servedImport(session, entry);
      if (typeof found === 'string') missing.push(found);
      else imports.push(found);
    }
  }
  const local = (request.exports ?? []).filter(({ type }) => type === 'local');
  return {
    imports,
    exports: (request.exports ?? []).map((entry) =>
      entry.type === 'local' ? servedExport(session, entry) : withCredentials(entry, env),
    ),
    missing,
    finish: async (response) => {
      checkArguments('finish', { response: [response, map(TEXT)] });
      for (const { attrs } of local) await enter(attrs, response);
    },
  };
}

/** A local cache with the digest of its manifest, or why it is not to be had. */
async function servedImport(session: Session, entry: CacheEntry): Promise<CacheEntry | string> {
  const attrs = new Map(entry.attrs);
  const src = requiredAttr(attrs, 'src', entry);
  const tag = attrs.get('tag') ?? 'latest';
  attrs.delete('tag');
  if (!attrs.has('digest')) {
    const found = await new OciLayout(src).resolve(tag);
    if (found === undefined) return `the cache in ${src} has nothing with the tag ${tag}`;
    attrs.set('digest', found.digest);
  }
  session.addContentStore({ id: `local:${src}`, path: src });
  return { type: 'local', attrs };
}

function servedExport(session: Session, entry: CacheEntry): CacheEntry {
  const attrs = new Map(entry.attrs);
  const dest = requiredAttr(attrs, 'dest', entry);
  attrs.delete('tag');
  session.addContentStore({ id: `local:${dest}`, path: dest, writable: true });
  return { type: 'local', attrs };
}

async function enter(attrs: Attributes | undefined, response: Attributes): Promise<void> {
  const descriptor = parseJson(response.get('cache.manifest') ?? '');
  // An export whose errors are ignored may have made none.
  if (!isDescriptor(descriptor)) return;
  await new OciLayout(attrs?.get('dest') ?? '').enter(descriptor, { tag: attrs?.get('tag') ?? 'latest' });
}

function requiredAttr(attrs: Attributes, name: string, { type }: CacheEntry): string {
  const value = attrs.get(name) ?? '';
  if (value !== '') return value;
  throw new BuildkitError(`a cache of the type ${type} needs the attribute ${name}`, { code: 'INVALID_ARGUMENT' });
}
