import { resolve } from 'node:path';
import type { CacheEntry } from '@hlb/buildkit';
import { nearest } from '@hlb/diagnostics';
import { normalizeImageReference } from '@hlb/names';
import type { Io } from '../process/io.js';
import { badValue, type Fields, joinCsv, parts, readFields, truth } from './fields.js';

/** Whether a cache is read or written. */
export type CacheUse = 'import' | 'export';

/** Caches, and what should be known of them. */
export interface CacheEntries {
  readonly entries: readonly CacheEntry[];
  /** Sentences. */
  readonly notices: readonly string[];
}

const types: Readonly<Record<CacheUse, readonly string[]>> = {
  import: ['registry', 'local', 'gha', 's3', 'azblob'],
  export: ['registry', 'local', 'inline', 'gha', 's3', 'azblob'],
};

/** Where fields come from that are not given. The variables of s3 are those of Amazon's own tools, those of azblob the engine's. */
const variables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  gha: { token: 'ACTIONS_RUNTIME_TOKEN', url: 'ACTIONS_CACHE_URL', url_v2: 'ACTIONS_RESULTS_URL' },
  s3: {
    access_key_id: 'AWS_ACCESS_KEY_ID',
    secret_access_key: 'AWS_SECRET_ACCESS_KEY',
    session_token: 'AWS_SESSION_TOKEN',
    region: 'AWS_REGION',
  },
  azblob: {
    account_url: 'BUILDKIT_AZURE_STORAGE_ACCOUNT_URL',
    secret_access_key: 'BUILDKIT_AZURE_STORAGE_SECRET_ACCESS_KEY',
  },
};

const required: Readonly<Record<string, readonly string[]>> = {
  registry: ['ref'],
  s3: ['bucket'],
  azblob: ['account_url'],
};

const flags = ['ignore-error', 'oci-mediatypes', 'image-manifest', 'force-compression', 'registry.insecure'];
const compressions = ['uncompressed', 'gzip', 'estargz', 'zstd'];

/** Reads the values of `--cache-from` (`import`) or `--cache-to` (`export`). */
export function readCacheEntries(io: Io, use: CacheUse, texts: readonly string[]): CacheEntries {
  const option = use === 'import' ? '--cache-from' : '--cache-to';
  const entries: CacheEntry[] = [];
  const notices: string[] = [];
  const seen = new Set<string>();
  for (const text of texts) {
    const plain = parts(option, text);
    // References alone, several of them as earlier tools had it.
    const short = plain.every((part) => !part.includes('='));
    const all = short
      ? plain.map(
          (ref) =>
            new Map([
              ['type', 'registry'],
              ['ref', ref],
            ]),
        )
      : [readFields(option, text)];
    for (const fields of all) {
      const entry = readEntry(io, use, option, text, fields);
      if (entry === undefined) {
        notices.push(`${option} ${text} has no effect: this is no job of GitHub Actions`);
        continue;
      }
      const key = JSON.stringify([entry.type, ...(entry.attrs ?? [])]);
      if (seen.has(key)) throw badValue(option, text, 'the same is given twice');
      seen.add(key);
      entries.push(entry);
    }
  }
  return { entries, notices };
}

/** A cache as written, with the directory of a local one led from a folder. */
export function localCacheFrom(folder: string, text: string): string {
  const all = parts('a cache', text);
  if (!all.includes('type=local')) return text;
  const led = all.map((part) => {
    const [, key, path = ''] = /^(src|dest)=(.*)$/.exec(part) ?? [];
    return key === undefined ? part : `${key}=${resolve(folder, path)}`;
  });
  return joinCsv(led);
}

function readEntry(io: Io, use: CacheUse, option: string, text: string, fields: Fields): CacheEntry | undefined {
  const wrong = (fault: string, ...helps: readonly string[]) => badValue(option, text, fault, ...helps);
  const attrs = new Map(fields);
  const type = attrs.get('type');
  attrs.delete('type');
  if (type === undefined) throw wrong('there is no type', `Types: ${types[use].join(', ')}.`);
  if (use === 'import' && type === 'inline') {
    throw wrong('inline caches are imported from the registry', 'Use type=registry,ref=…, or the reference alone.');
  }
  if (!types[use].includes(type)) {
    const meant = nearest(type, types[use]);
    const help = `Types: ${types[use].join(', ')}.`;
    throw wrong(
      `${JSON.stringify(type)} is no type of cache`,
      meant === undefined ? help : `Did you mean ${meant}? ${help}`,
    );
  }
  for (const [key, name] of Object.entries(variables[type] ?? {})) {
    const value = io.env[name];
    if (!attrs.has(key) && value) attrs.set(key, value);
  }
  if (type === 'gha' && !(attrs.has('token') && (attrs.has('url') || attrs.has('url_v2')))) return undefined;
  if (type === 'gha' && truth(io.env.ACTIONS_CACHE_SERVICE_V2 ?? '') && !attrs.has('version'))
    attrs.set('version', '2');
  const place = type === 'local' ? (use === 'import' ? 'src' : 'dest') : undefined;
  for (const key of [...(required[type] ?? []), ...(place === undefined ? [] : [place])]) {
    if (attrs.get(key)) continue;
    const meant = nearest(key, attrs.keys());
    throw wrong(`there is no ${key}`, ...(meant === undefined ? [] : [`Write ${key} in place of ${meant}.`]));
  }
  if (place !== undefined) attrs.set(place, resolve(io.cwd, attrs.get(place) ?? ''));
  const ref = attrs.get('ref');
  if (type === 'registry' && ref !== undefined && normalizeImageReference(ref) === undefined) {
    throw wrong(`${JSON.stringify(ref)} is no image reference`);
  }
  checkValues(attrs, wrong);
  return { type, attrs };
}

function checkValues(attrs: Fields, wrong: (fault: string) => Error): void {
  const mode = attrs.get('mode');
  if (mode !== undefined && mode !== 'min' && mode !== 'max') throw wrong('mode must be min or max');
  const compression = attrs.get('compression');
  if (compression !== undefined && !compressions.includes(compression)) {
    throw wrong(`compression must be one of ${compressions.join(', ')}`);
  }
  for (const key of flags) {
    const value = attrs.get(key);
    if (value !== undefined && truth(value) === undefined) throw wrong(`${key} must be true or false`);
  }
}
