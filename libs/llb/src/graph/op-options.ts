import type { Platform } from '../names/platform.js';
import type { SourceLocation } from './source-location.js';
import type {
  EncodingMemo,
  LinuxResources,
  Output,
  ProgressGroup,
  VertexConstraints,
  VertexMetadata,
} from './vertex.js';

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

interface Common {
  readonly inputs: readonly Output[];
  readonly traversal: readonly Output[];
  readonly platform: Platform | undefined;
  readonly constraints: VertexConstraints;
  readonly metadata: VertexMetadata;
  readonly locations: readonly SourceLocation[];
  readonly encodings: EncodingMemo;
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

const noFilters: VertexConstraints = { filters: [] };

/** The fields that vertices of all kinds have. */
export function commonFields(
  options: OpOptions,
  caps: readonly string[],
  inputs: readonly Output[],
  more: { readonly traversal?: readonly Output[]; readonly linuxResources?: LinuxResources | undefined } = {},
): Common {
  return {
    inputs,
    traversal: more.traversal ?? inputs,
    platform: options.platform,
    constraints: options.filters === undefined ? noFilters : { filters: [...options.filters] },
    metadata: metadataOf(options, sortedCaps(caps), more.linuxResources),
    locations: options.locations ?? [],
    encodings: { first: undefined },
  };
}

/** Most ops have nothing but what engines must know, and at most a name: a graph has one such object of each. */
function metadataOf(
  { description, ignoreCache, exportCache, progressGroup }: OpOptions,
  caps: readonly string[],
  linuxResources: LinuxResources | undefined,
): VertexMetadata {
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
