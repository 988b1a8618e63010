import { join } from 'node:path';
import { engineDown } from '@hlb/engine';
import { lockFile, stopRegistry, tryLockFile } from '@hlb/engine/testing';

/** A share of the tests' engine; the last one to end stops it. */
export interface EngineLease {
  end(): Promise<void>;
}

/**
 * Takes a share of the engine in `dir`, so that a test run that ends doesn't stop it under another one. The kernel keeps
 * count: each run holds a shared lock, and who gets it alone afterwards was the last.
 */
export async function leaseTestEngine(dir: string): Promise<EngineLease> {
  const file = join(dir, 'leases');
  const share = await lockFile(file, { mode: 'shared' });
  return {
    async end() {
      await share.release();
      if (process.env['HLB_TEST_ENGINE_KEEP']) return;
      const alone = await tryLockFile(file);
      if (!alone) return;
      await engineDown({ dir });
      await stopRegistry({ dir: join(dir, 'registry') });
      await alone.release();
    },
  };
}
