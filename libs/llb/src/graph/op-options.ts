import type { Platform } from '../names/platform.js';
import type { SourceLocation } from './source-location.js';
import type { LinuxResources, ProgressGroup, VertexMetadata } from './vertex.js';

/** What every op takes beside what it does. None of it but `platform` and `filters` changes the digest. */
export interface OpOptions {
  /** Written as it is, where the op has a platform at all. */
  readonly platform?: Platform | undefined;
  readonly filters?: readonly string[] | undefined;
  readonly description?: Readonly<Record<string, string>> | undefined;
  readonly ignoreCache?: boolean | undefined;
  readonly exportCache?: boolean | undefined;
  readonly progressGroup?: ProgressGroup | undefined;
  readonly locations?: readonly SourceLocation[] | undefined;
}

/** More kinds of lists than builds have; beyond them lists are made anew. */
const mostCapLists = 1000;

const capLists = new Map<string, readonly string[]>();

/** The capabilities sorted, each once. A graph has few such lists, and one object of each. */
function sortedCaps(caps: readonly string[]): readonly string[] {
  if (caps.length < 2) return caps;
  const key = caps.join(' ');
  const known = capLists.get(key);
  if (known !== undefined) return known;
  const list = [...new Set(caps)].sort();
  if (capLists.size < mostCapLists) capLists.set(key, list);
  return list;
}

/** Most ops have nothing but what engines must know, and at most a name: a graph has one such object of each. */
export function metadataOf(
  { description, ignoreCache, exportCache, progressGroup }: OpOptions,
  unsorted: readonly string[],
  linuxResources: LinuxResources | undefined,
): VertexMetadata {
  const caps = sortedCaps(unsorted);
  const isPlain =
    ignoreCache === undefined &&
    exportCache === undefined &&
    progressGroup === undefined &&
    linuxResources === undefined;
  if (isPlain) return description === undefined ? { caps } : { caps, description: { ...description } };
  return {
    caps,
    ...(description === undefined ? {} : { description: { ...description } }),
    ...(ignoreCache === undefined ? {} : { ignoreCache }),
    ...(exportCache === undefined ? {} : { exportCache }),
    ...(progressGroup === undefined ? {} : { progressGroup }),
    ...(linuxResources === undefined ? {} : { linuxResources }),
  };
}
