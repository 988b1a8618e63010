import { resolve } from 'node:path';
import { localCacheFrom } from '../settings/cache-entries.js';
import { entitlements, readAllow } from '../settings/entitlements.js';
import type { SettingsFlags } from '../settings/settings-flags.js';
import { isCount, isText, type Reader, type Values } from './reader.js';

/** Keys of `run` that hold for all solves of a build. */
export const settingsKeys: readonly string[] = [
  'cacheFrom',
  'cacheTo',
  'attest',
  'provenance',
  'sbom',
  'sourceDateEpoch',
  'sourcePolicy',
  'allow',
  'metadataFile',
];

/** Reads these keys. Paths lead from the configuration's folder. */
export function readSettingsKeys(reader: Reader, values: Values, folder: string): SettingsFlags {
  const caches = (key: 'cacheFrom' | 'cacheTo'): readonly string[] | undefined =>
    texts(reader, key, values[key])?.map((text) => localCacheFrom(folder, text));
  const given = {
    cacheFrom: caches('cacheFrom'),
    cacheTo: caches('cacheTo'),
    attest: texts(reader, 'attest', values['attest']),
    provenance: switchOrText(reader, 'provenance', values['provenance']),
    sbom: switchOrText(reader, 'sbom', values['sbom']),
    sourceDateEpoch: epoch(reader, values['sourceDateEpoch']),
    sourcePolicy: path(reader, 'sourcePolicy', values['sourcePolicy'], folder),
    allow: allowed(reader, values['allow']),
    metadataFile: path(reader, 'metadataFile', values['metadataFile'], folder),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** One text, or a list of them. */
function texts(reader: Reader, key: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!all.every(isText)) throw reader.wrong(`run.${key}`, 'must be a text, or a list of texts');
  return all;
}

function switchOrText(reader: Reader, key: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return String(value);
  if (!isText(value)) throw reader.wrong(`run.${key}`, 'must be true, false or a text');
  return value;
}

function epoch(reader: Reader, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === 0 || isCount(value)) return String(value);
  throw reader.wrong('run.sourceDateEpoch', 'must be whole seconds since 1970');
}

function path(reader: Reader, key: string, value: unknown, folder: string): string | undefined {
  if (value === undefined) return undefined;
  if (!isText(value)) throw reader.wrong(`run.${key}`, 'must be a path');
  return resolve(folder, value);
}

function allowed(reader: Reader, value: unknown): readonly string[] | undefined {
  const all = texts(reader, 'allow', value);
  if (all?.every((text) => entitlements.some((one) => one === text)) === false) {
    throw reader.wrong('run.allow', `must be a list of ${entitlements.join(', ')}`);
  }
  return all === undefined ? undefined : readAllow(all);
}
