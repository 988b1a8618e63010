import { homedir } from 'node:os';
import type { HostFacts, PathFact } from '../facts.js';
import { goArch, goOs } from './go-names.js';
import { hardwareAddress, latestChange } from './host-changes.js';
import { runCommand } from './host-command.js';
import { listFiles, pathFact } from './host-files.js';
import { knownHosts } from './known-hosts.js';
import { moduleText } from './module-text.js';

export interface HostFactsOptions {
  /** In place of the process's. */
  readonly environment?: ReadonlyMap<string, string>;
  /** Absolute, in place of the process's. */
  readonly cwd?: string;
  /** Absolute, in place of the user's. */
  readonly home?: string;
  /** As Go names them, in place of this machine's. */
  readonly os?: string;
  readonly arch?: string;
  /** Stops commands that are running. */
  readonly signal?: AbortSignal;
}

/** The facts of this machine. What is asked twice is looked up once; only commands run each time. */
export function hostFacts(options: HostFactsOptions = {}): HostFacts {
  const environment = options.environment ?? processEnvironment();
  const paths = new Map<string, Promise<PathFact>>();
  const changes = new Map<string, Promise<bigint>>();
  const hosts = new Map<string, Promise<readonly string[]>>();
  const texts = new Map<string, Promise<string>>();
  const listings = new Map<string, Promise<readonly string[]>>();
  return {
    environment: async () => environment,
    cwd: async () => options.cwd ?? process.cwd(),
    home: async () => options.home ?? homedir(),
    os: async () => options.os ?? goOs(process.platform),
    arch: async () => options.arch ?? goArch(process.arch),
    path: (path) => remembered(paths, path, pathFact),
    moduleText: (path) => remembered(texts, path, moduleText),
    files: (directory) => remembered(listings, directory, listFiles),
    latestChange: (request) => remembered(changes, JSON.stringify(request), () => latestChange(request)),
    knownHosts: (host) => remembered(hosts, host, () => knownHosts(host, options.home ?? homedir())),
    hardwareAddress: async () => hardwareAddress(),
    command: (request) => {
      const signals = [request.signal, options.signal].filter((signal) => signal !== undefined);
      const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
      return runCommand(request, request.environment ?? environment, signal);
    },
  };
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, ask: (key: string) => Promise<T>): Promise<T> {
  const answer = known.get(key) ?? ask(key);
  known.set(key, answer);
  return answer;
}

function processEnvironment(): ReadonlyMap<string, string> {
  return new Map(Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
