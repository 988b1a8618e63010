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

const noFilters: VertexConstraints = { filters: [] };

/** The fields that vertices of all kinds have. */
export function commonFields(
  options: OpOptions,
  caps: readonly string[],
  inputs: readonly Output[],
  more: { readonly traversal?: readonly Output[]; readonly linuxResources?: LinuxResources | undefined } = {},
): Common {
  const { description, ignoreCache, exportCache, progressGroup } = options;
  return {
    inputs,
    traversal: more.traversal ?? inputs,
    platform: options.platform,
    constraints: options.filters === undefined ? noFilters : { filters: [...options.filters] },
    metadata: {
      caps: caps.length < 2 ? caps : [...new Set(caps)].sort(),
      ...(description === undefined ? {} : { description: { ...description } }),
      ...(ignoreCache === undefined ? {} : { ignoreCache }),
      ...(exportCache === undefined ? {} : { exportCache }),
      ...(progressGroup === undefined ? {} : { progressGroup }),
      ...(more.linuxResources === undefined ? {} : { linuxResources: more.linuxResources }),
    },
    locations: options.locations ?? [],
    encodings: { first: undefined },
  };
}
