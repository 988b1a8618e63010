import { createHash } from 'node:crypto';
import type { Facts, ImageRequest, ManifestFact, PathFact } from '../facts.js';
import {
  type ChangeRow,
  type CommandRow,
  type FactsFile,
  type FrontendRow,
  HOST_MODULE,
  type ImageRow,
  type RegistryRow,
} from './facts-file.js';
import { changeKey, frontendKey } from './recorded-facts.js';

export interface FactsRecording {
  /** Asks the port that is recorded. */
  readonly facts: Facts;
  /** Writes down what a step of a build gave, which nobody asked for: the digest of what was pushed under a normalised reference. */
  pushed(ref: string, digest: string): void;
  /** All that was asked by now, in the form that `recordedFacts` reads. Of the environment only the variables that were read. */
  toJSON(): FactsFile;
}

type ValueName = 'cwd' | 'home' | 'os' | 'arch' | 'hardwareAddress';

/** Writes down what is asked of a port. What it can't answer is not written down. */
export function recordFacts(facts: Facts): FactsRecording {
  const values = new Map<ValueName, string>();
  const paths = new Map<string, PathFact>();
  const files = new Map<string, readonly string[]>();
  const knownHosts = new Map<string, readonly string[]>();
  const changes = new Map<string, ChangeRow>();
  const environment = new Map<string, string>();
  let environmentRead = false;
  const commands: CommandRow[] = [];
  const images = new Map<string, ImageRow>();
  const registry = new Map<string, RegistryRow>();
  const pushes = new Map<string, string>();
  const frontends = new Map<string, FrontendRow>();
  const modules = new Map<string, Map<string, string>>();

  const value = async (name: ValueName): Promise<string> => {
    const answer = await facts[name]();
    values.set(name, answer);
    return answer;
  };
  const keepModule = (module: string, path: string, text: string): void => {
    const known = modules.get(module) ?? new Map<string, string>();
    modules.set(module, known.set(path, text));
  };
  const recorder: Facts = {
    environment: async () =>
      new ObservedMap(await facts.environment(), (key, found) => {
        environmentRead = true;
        if (found !== undefined) environment.set(key, found);
      }),
    cwd: () => value('cwd'),
    home: () => value('home'),
    os: () => value('os'),
    arch: () => value('arch'),
    hardwareAddress: () => value('hardwareAddress'),
    path: async (path) => {
      const answer = await facts.path(path);
      paths.set(path, answer);
      return answer;
    },
    files: async (directory) => {
      const answer = await facts.files(directory);
      files.set(directory, answer);
      return answer;
    },
    moduleText: async (path) => {
      const answer = await facts.moduleText(path);
      keepModule(HOST_MODULE, path, answer);
      return answer;
    },
    knownHosts: async (host) => {
      const answer = await facts.knownHosts(host);
      knownHosts.set(host, answer);
      return answer;
    },
    latestChange: async (request) => {
      const answer = await facts.latestChange(request);
      changes.set(changeKey(request), { ...request, latest: answer.toString() });
      return answer;
    },
    command: async (request) => {
      const answer = await facts.command(request);
      const { args, cwd, capture } = request;
      commands.push({ args, cwd, capture, ...answer });
      return answer;
    },
    imageConfig: async (request) => {
      const answer = await facts.imageConfig(request);
      if (answer !== undefined) images.set(imageKey(request), { ...answer, config: asJson(answer.config) });
      return answer;
    },
    manifest: async (request) => {
      const answer = await facts.manifest(request);
      if (answer !== undefined) registry.set(request.ref, joined(registry.get(request.ref), answer));
      return answer;
    },
    frontend: async (request) => {
      const answer = await facts.frontend(request);
      if (answer !== undefined) {
        const def = answer.def.map((op) => Buffer.from(op).toString('base64'));
        frontends.set(frontendKey(request), { ...request, def, config: answer.config });
      }
      return answer;
    },
    pushDigest: async (ref) => {
      const answer = await facts.pushDigest(ref);
      if (answer !== undefined) pushes.set(ref, answer);
      return answer;
    },
    moduleFile: async (request) => {
      const answer = await facts.moduleFile(request);
      if (answer !== undefined) keepModule(request.module, request.path, answer);
      return answer;
    },
  };
  return {
    facts: recorder,
    pushed: (ref, digest) => void pushes.set(ref, digest),
    toJSON: () => ({
      ...(environmentRead ? { env: sorted(environment) } : {}),
      ...Object.fromEntries(values),
      ...(paths.size > 0 ? { paths: sorted(paths) } : {}),
      ...(files.size > 0 ? { files: sorted(files) } : {}),
      ...(changes.size > 0 ? { changes: Object.values(sorted(changes)) } : {}),
      ...(knownHosts.size > 0 ? { knownHosts: sorted(knownHosts) } : {}),
      ...(commands.length > 0 ? { commands: [...commands] } : {}),
      ...(images.size > 0 ? { images: sorted(images) } : {}),
      ...(registry.size > 0 ? { registry: sorted(registry) } : {}),
      ...(pushes.size > 0 ? { pushDigest: sorted(pushes) } : {}),
      ...(frontends.size > 0 ? { frontends: [...frontends.values()] } : {}),
      ...(modules.size > 0
        ? { modules: sorted(new Map([...modules].map(([module, files]) => [module, sorted(files)]))) }
        : {}),
    }),
  };
}

/** A map that tells which of its entries are read. */
class ObservedMap implements ReadonlyMap<string, string> {
  readonly #map: ReadonlyMap<string, string>;
  readonly #onRead: (key: string, value: string | undefined) => void;

  constructor(map: ReadonlyMap<string, string>, onRead: (key: string, value: string | undefined) => void) {
    this.#map = map;
    this.#onRead = onRead;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: string): string | undefined {
    const value = this.#map.get(key);
    this.#onRead(key, value);
    return value;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  *entries(): MapIterator<[string, string]> {
    for (const [key, value] of this.#map) {
      this.#onRead(key, value);
      yield [key, value];
    }
  }

  keys(): MapIterator<string> {
    return this.#map.keys();
  }

  *values(): MapIterator<string> {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(callback: (value: string, key: string, map: ReadonlyMap<string, string>) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this);
  }

  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.entries();
  }
}

function imageKey({ ref, platform }: ImageRequest): string {
  return platform === undefined ? ref : `${ref}|${platform}`;
}

/** The text's value, where printing it gives the text again; else the text. */
function asJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && JSON.stringify(value) === text ? value : text;
  } catch {
    return text;
  }
}

/** What is known of a reference, with one more of its images. */
function joined(row: RegistryRow | undefined, { digest, index, manifest, config }: ManifestFact): RegistryRow {
  if (index === undefined) return { digest, manifest, config };
  const ofImage = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  return { digest, index, manifests: { ...row?.manifests, [ofImage]: { manifest, config } } };
}

/** The map as an object, its keys in order: two recordings of the same questions are the same text. */
function sorted<T>(map: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
