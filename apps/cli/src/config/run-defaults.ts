import type { Io } from '../process/io.js';
import type { Config, RunDefaults } from './config.js';

/**
 * Flags with what the configuration says where they are not given. Its engine stands behind `BUILDKIT_HOST`, which is as deliberate
 * as a flag, and before all that is looked for.
 */
export function withRunDefaults<Flags extends RunDefaults>(io: Io, flags: Flags, config: Config | undefined): Flags {
  const { engine, ...rest } = config?.run ?? {};
  const own = engine === undefined || io.env.BUILDKIT_HOST ? {} : { engine };
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  return { ...flags, ...rest, ...own, ...Object.fromEntries(given) };
}
