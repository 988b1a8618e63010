import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../engine-error.js';
import { commandPath, findExecutable } from '../host/executable.js';
import { engineLayout, type LayoutOptions } from '../layout.js';
import { readDistribution } from '../packages/distribution.js';
import { packageRoot } from '../packages/package-root.js';

/** What asks for the Docker CLI. */
export interface DockerCliOptions extends LayoutOptions {
  readonly suite?: string;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The Docker CLI with buildx, unpacked in a private folder: the peer that builds are measured against. */
export type DockerCli =
  /** `path` is the command; `env` is what it needs to find buildx (set DOCKER_HOST besides). */
  | { readonly path: string; readonly env: Readonly<Record<string, string>> }
  /** It can't be had here. */
  | { readonly path: undefined; readonly reason: string };

/** Unpacks the Docker CLI and buildx beside the engine's packages; a failure is a reason, since only comparisons need it. */
export async function dockerCli(options: DockerCliOptions = {}): Promise<DockerCli> {
  const { packages } = engineLayout(options);
  const { suite, onProgress, signal } = options;
  const env = options.env ?? process.env;
  try {
    // Ubuntu's package of the engine holds the CLI, too.
    const cli = (await readDistribution()).family === 'ubuntu' ? 'docker.io' : 'docker-cli';
    const root = await packageRoot({
      ...{ packages, name: 'docker-cli', names: [cli, 'docker-buildx'] },
      ...{ suite: suite ?? env['HLB_ENGINE_SUITE'], onProgress, signal, finish: linkPlugin },
    });
    const config = join(root, 'config');
    const bin = join(root, 'usr/bin');
    return { path: join(bin, 'docker'), env: { DOCKER_CONFIG: config, PATH: [bin, ...commandPath(env)].join(':') } };
  } catch (error) {
    if (error instanceof EngineError && error.code !== 'aborted') return { path: undefined, reason: error.message };
    throw error;
  }
}

/** Makes a configuration folder with which the CLI finds the plugin: Debian has it in libexec, Ubuntu in lib. */
async function linkPlugin(unpacked: string): Promise<void> {
  for (const folder of ['usr/libexec/docker/cli-plugins', 'usr/lib/docker/cli-plugins']) {
    if (!(await findExecutable('docker-buildx', [join(unpacked, folder)]))) continue;
    await mkdir(join(unpacked, 'config/cli-plugins'), { recursive: true });
    await symlink(join('../..', folder, 'docker-buildx'), join(unpacked, 'config/cli-plugins/docker-buildx'));
    return;
  }
  throw new EngineError('no-package', "The package docker-buildx doesn't hold the plugin.", 'Use another suite.');
}
