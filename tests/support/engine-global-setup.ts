import { homedir } from 'node:os';
import { join } from 'node:path';
import { EngineError, engineUp } from '@hlb/engine';
import { pushBaseImage, startRegistry } from '@hlb/engine/testing';
import type { TestProject } from 'vitest/node';
import { leaseTestEngine } from './engine-lease.js';

/** What a test learns of the engine that it runs on. */
export interface TestEngine {
  /** For DOCKER_HOST or BUILDKIT_HOST: `unix://…`. */
  readonly address: string;
  /** `localhost:PORT`: a registry over plain HTTP that holds `base`, and is the engine's mirror of Docker Hub. */
  readonly registry: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    engine: TestEngine;
  }
}

/**
 * Starts the engine and the registry of the project `engine`, which Vitest sets up only when one of its tests is run. A project
 * `engine-SUITE` gets another engine, from the packages of that suite.
 *
 * HLB_TEST_ENGINE and HLB_TEST_REGISTRY name an engine and a registry to use instead. HLB_TEST_ENGINE_DIR is the folder of the
 * one that is started here; HLB_TEST_ENGINE_KEEP leaves it running for the next run. Runs at the same time share it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { HLB_TEST_ENGINE: address, HLB_TEST_REGISTRY: registryHost } = process.env;
  const [, suite] = /^engine-(.+)$/.exec(project.name) ?? [];
  if (address && suite === undefined) {
    const registry = registryHost ?? '';
    if (!registry) throw new Error('Set HLB_TEST_REGISTRY to the registry of HLB_TEST_ENGINE (localhost:PORT).');
    project.provide('engine', { address, registry });
    return async () => undefined;
  }
  const dir = testEngineDir(suite);
  const lease = await leaseTestEngine(dir);
  try {
    const packages = testPackages();
    const registry = await startRegistry({ dir: join(dir, 'registry'), packages });
    await pushBaseImage(registry);
    const engine = await engineUp({ dir, packages, registryMirror: registry.url, ...(suite ? { suite } : {}) });
    project.provide('engine', { address: engine.address, registry: registry.host });
  } catch (error) {
    await lease.end();
    if (error instanceof EngineError) throw new Error(`${error.message}\n${error.help}`, { cause: error });
    throw error;
  }
  return () => lease.end();
}

/** The folder of the tests' own engine, and of the one of another suite beside it. */
export function testEngineDir(suite?: string): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const dir = process.env['HLB_TEST_ENGINE_DIR'] || join(cache, 'hlb', 'test-engine');
  return suite === undefined ? dir : `${dir}-${suite}`;
}

/** Where packages are unpacked, once for all that tests start. */
export function testPackages(): string {
  return join(testEngineDir(), 'packages');
}
