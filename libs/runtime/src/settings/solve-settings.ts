import type { Attributes, CacheEntry, SolveOptions } from '@hlb/buildkit';

/** What holds for all solves of a build, whatever the program says. */
export interface SolveSettings {
  /** Where results may come from, in order of preference. `local` has `src`, an absolute path, and may have `tag` or `digest`. */
  readonly cacheImports?: readonly CacheEntry[];
  /** Where what was built is kept for others. `local` has `dest`, an absolute path, and may have `tag`. */
  readonly cacheExports?: readonly CacheEntry[];
  /** What is said about outputs: `provenance` and `sbom`, with their parameters as the engine reads them (`mode=max`). */
  readonly attestations?: Attributes;
  /** Seconds since 1970 that no time of an output is later than: `SOURCE_DATE_EPOCH`. */
  readonly sourceDateEpoch?: bigint;
  /** Which sources are taken, refused or replaced. */
  readonly sourcePolicy?: SourcePolicy;
}

/** A policy on sources, as engines take it. */
export type SourcePolicy = NonNullable<SolveOptions['sourcePolicy']>;

/** A frontend's option with which engines, and frontends, are told of the epoch. */
export const EPOCH_OPTION = 'build-arg:SOURCE_DATE_EPOCH';

/** Attestations as an engine is asked for them: `attest:provenance`, `attest:sbom`. */
export function attestationAttrs(settings: SolveSettings): Attributes {
  return new Map([...(settings.attestations ?? [])].map(([name, value]) => [`attest:${name}`, value]));
}

/** What a solve's request has of the settings, beside what concerns its outputs. */
export function commonOptions(settings: SolveSettings): Pick<SolveOptions, 'cacheImports' | 'sourcePolicy'> {
  const { cacheImports, sourcePolicy } = settings;
  return {
    ...(cacheImports === undefined ? {} : { cacheImports }),
    ...(sourcePolicy === undefined ? {} : { sourcePolicy }),
  };
}
