import type { SolveSettings } from '@hlb/runtime';
import type { Io } from '../process/io.js';
import { type AttestationFlags, readAttestations } from './attestations.js';
import { readCacheEntries } from './cache-entries.js';
import { type Entitlement, readAllow } from './entitlements.js';
import { readSourceDateEpoch } from './source-date-epoch.js';
import { readSourcePolicy } from './source-policy.js';

/** Flags of `hlb run` that hold for all solves of a build, as written; as keys of `run` in a configuration they are the same. */
export interface SettingsFlags extends AttestationFlags {
  readonly cacheFrom?: readonly string[];
  readonly cacheTo?: readonly string[];
  readonly sourceDateEpoch?: string;
  readonly sourcePolicy?: string;
  /** What modules from elsewhere are granted: `network.host`, `security.insecure`. */
  readonly allow?: readonly string[];
  /** Where the digests of what was built are written. */
  readonly metadataFile?: string;
}

/** What flags and environment say of all solves. */
export interface ReadSettings {
  readonly settings: SolveSettings;
  /** What modules from elsewhere are granted. */
  readonly allow: readonly Entitlement[];
  /** What should be known of them, a sentence each. */
  readonly notices: readonly string[];
}

/**
 * Reads the flags.
 * @throws CommandError with exit code 2 that says what is wrong with one
 */
export async function readSettings(io: Io, flags: SettingsFlags): Promise<ReadSettings> {
  const imports = readCacheEntries(io, 'import', flags.cacheFrom ?? []);
  const exports = readCacheEntries(io, 'export', flags.cacheTo ?? []);
  const attestations = readAttestations(flags);
  const sourceDateEpoch = readSourceDateEpoch(io, flags.sourceDateEpoch);
  const sourcePolicy = await readSourcePolicy(io, flags.sourcePolicy);
  return {
    settings: {
      ...(imports.entries.length === 0 ? {} : { cacheImports: imports.entries }),
      ...(exports.entries.length === 0 ? {} : { cacheExports: exports.entries }),
      ...(attestations === undefined ? {} : { attestations }),
      ...(sourceDateEpoch === undefined ? {} : { sourceDateEpoch }),
      ...(sourcePolicy === undefined ? {} : { sourcePolicy }),
    },
    allow: readAllow(flags.allow ?? []),
    notices: [...imports.notices, ...exports.notices],
  };
}
