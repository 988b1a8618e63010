import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineDown, engineUp } from '@hlb/engine';
import { dockerCli, pushBaseImage, startRegistry, stopRegistry } from '@hlb/engine/testing';
import type { BenchPlace } from './contest.js';

/** The engine, registry and peer of a bench run. */
export interface SharedPlace extends Omit<BenchPlace, 'folder'> {
  dispose(): Promise<void>;
}

/**
 * The engine is the one of `HLB_TEST_ENGINE` with the registry of `HLB_TEST_REGISTRY`, else a managed one of the bench's own,
 * which is stopped at the end.
 */
export function sharedPlace(note: (line: string) => void): SharedPlace {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const dir = join(cache, 'hlb', 'test-engine');
  let engine: Promise<{ address: string; registry: string }> | undefined;
  let own = false;

  const start = async (): Promise<{ address: string; registry: string }> => {
    const { HLB_TEST_ENGINE: address, HLB_TEST_REGISTRY: registry } = process.env;
    if (address !== undefined && registry !== undefined) return { address, registry };
    own = true;
    const served = await startRegistry({ dir: join(dir, 'registry'), onProgress: note });
    const info = await engineUp({ dir, registryMirror: served.url, onProgress: note });
    await pushBaseImage(served, { onProgress: note });
    return { address: info.address, registry: served.host };
  };
  const running = (): Promise<{ address: string; registry: string }> => {
    engine ??= start();
    return engine;
  };

  return {
    hlb: [process.execPath, fileURLToPath(new URL('../../cli/bin/hlb.cjs', import.meta.url))],
    engine: running,
    async buildx() {
      const { address } = await running();
      if (!address.startsWith('unix://') || !address.includes('docker')) {
        return { missing: 'docker buildx: the engine is not a Docker Engine on a socket' };
      }
      const cli = await dockerCli({ dir: join(dir, 'docker-cli'), onProgress: note });
      if (cli.path === undefined) return { missing: `docker buildx: ${cli.reason}` };
      return {
        docker: cli.path,
        env: { ...process.env, ...cli.env, DOCKER_HOST: address, BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
      };
    },
    async dispose() {
      if (!own) return;
      await engineDown({ dir });
      await stopRegistry({ dir: join(dir, 'registry') });
    },
  };
}
