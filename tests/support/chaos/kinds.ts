import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type EngineInfo, engineDown, engineUp } from '@hlb/engine';
import { type Registry, startRegistry, stopRegistry } from '@hlb/engine/testing';
import { onTestFinished } from 'vitest';
import { type Roughness, roughProxy } from './rough-proxy.js';

/** An engine and a registry that may be harmed. */
export class World {
  readonly #dir: string;
  readonly #packages: string;
  engine: EngineInfo | undefined;
  registry: Registry | undefined;

  /** @param dir the folder of the engine and its registry */
  constructor(dir: string, packages: string) {
    this.#dir = dir;
    this.#packages = packages;
  }

  /** Starts what does not run. */
  async up(): Promise<void> {
    mkdirSync(this.#dir, { recursive: true });
    this.registry = await startRegistry({ dir: join(this.#dir, 'registry'), packages: this.#packages });
    this.engine = await engineUp({ dir: this.#dir, packages: this.#packages, registryMirror: this.registry.url });
  }

  async engineDown(): Promise<void> {
    await engineDown({ dir: this.#dir });
  }

  async registryDown(): Promise<void> {
    await stopRegistry({ dir: join(this.#dir, 'registry') });
  }

  async down(): Promise<void> {
    await this.engineDown();
    await this.registryDown();
  }

  get address(): string {
    return this.engine?.address ?? '';
  }
}

/** What is done to a build. */
export type Kind =
  | 'engine stops'
  | 'engine is killed'
  | 'engine restarts'
  | 'registry is killed'
  | `network: ${Roughness}`
  | 'disk is full'
  | 'SIGINT'
  | 'SIGTERM'
  | 'SIGKILL';

export const KINDS: readonly Kind[] = [
  'SIGINT',
  'SIGTERM',
  'SIGKILL',
  'network: cut',
  'network: reset',
  'network: delay',
  'network: hole',
  'disk is full',
  'registry is killed',
  'engine is killed',
  'engine stops',
  'engine restarts',
];

/** How a build is harmed. */
export interface Harm {
  /** Where the build finds the engine. */
  readonly address: string;
  disturb(build: ChildProcess): unknown;
  /** Makes good what was done; the build has ended. */
  recover?(): Promise<void>;
}

/** Prepares one. */
export async function harm(kind: Kind, world: World): Promise<Harm> {
  const { address } = world;
  const up = (): Promise<void> => world.up();
  switch (kind) {
    case 'SIGINT':
    case 'SIGTERM':
    case 'SIGKILL':
      return { address, disturb: (build) => build.kill(kind) };
    case 'engine is killed':
      return { address, disturb: () => process.kill(world.engine?.pid ?? 0, 'SIGKILL'), recover: up };
    case 'engine stops':
      return { address, disturb: () => world.engineDown(), recover: up };
    case 'engine restarts':
      return { address, disturb: () => world.engineDown().then(up), recover: up };
    case 'registry is killed':
      return { address, disturb: () => process.kill(world.registry?.pid ?? 0, 'SIGKILL'), recover: up };
    case 'disk is full':
      return { address, disturb: () => undefined };
    default: {
      const proxy = await roughProxy(address);
      onTestFinished(() => proxy.close());
      const how = kind.slice('network: '.length);
      const rough = (['cut', 'reset', 'hole', 'delay'] as const).find((each) => each === how) ?? 'cut';
      return { address: proxy.address, disturb: () => proxy.rough(rough), recover: async () => proxy.close() };
    }
  }
}

/** Gives a folder a disk of its own, of so many bytes. */
export function smallDisk(folder: string, bytes: number): () => void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]);
  return () => execFileSync('umount', ['-l', folder]);
}
