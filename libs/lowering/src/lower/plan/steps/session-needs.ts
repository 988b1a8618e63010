import type { Agent, SecretFile, SessionNeeds, SyncedDirectory } from '@hlb/plan';

/** What an op needs beside its inputs. */
export interface OpNeeds {
  readonly directories: readonly SyncedDirectory[];
  readonly secrets: readonly SecretFile[];
  readonly agents: readonly Agent[];
  readonly entitlements: readonly string[];
}

export const noNeeds: OpNeeds = { directories: [], secrets: [], agents: [], entitlements: [] };

/** Adds up what the ops of a definition need, equal things once. */
export class NeedsCollector {
  readonly #directories = new Map<string, SyncedDirectory>();
  readonly #secrets = new Map<string, SecretFile>();
  readonly #agents = new Map<string, Agent>();
  readonly #entitlements = new Set<string>();

  add(needs: OpNeeds): void {
    for (const directory of needs.directories) this.#directories.set(directory.name, directory);
    for (const secret of needs.secrets) this.#secrets.set(secret.id, secret);
    for (const agent of needs.agents) this.#agents.set(agent.id, agent);
    for (const entitlement of needs.entitlements) this.#entitlements.add(entitlement);
  }

  get session(): SessionNeeds {
    return {
      directories: sortedValues(this.#directories),
      secrets: sortedValues(this.#secrets),
      agents: sortedValues(this.#agents),
    };
  }

  get entitlements(): readonly string[] {
    return [...this.#entitlements].sort();
  }
}

function sortedValues<T>(map: ReadonlyMap<string, T>): readonly T[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
