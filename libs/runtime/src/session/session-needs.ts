import { stat } from 'node:fs/promises';
import type { Environment, ForwardedAgent, Session } from '@hlb/buildkit';
import { InternalError } from '@hlb/diagnostics';
import type { Agent, SessionNeeds, SyncedDirectory } from '@hlb/plan';

/** What a session is given of a step's needs. */
type Serving = Pick<Session, 'addDirectory' | 'addSecret' | 'addAgent'>;

/** The directories that each session serves already. */
const served = new WeakMap<Serving, Map<string, SyncedDirectory>>();

/**
 * Lets a session serve what a step needs. Registering twice changes nothing, so every step may do it.
 * @param env where the user's agent is looked up
 */
export async function serveNeeds(session: Serving, needs: SessionNeeds, env: Environment): Promise<void> {
  const directories = served.get(session) ?? new Map<string, SyncedDirectory>();
  served.set(session, directories);
  for (const directory of needs.directories) {
    const before = directories.get(directory.name);
    const merged = before === undefined ? directory : mergedDirectory(before, directory);
    if (merged === before) continue;
    directories.set(directory.name, merged);
    session.addDirectory(merged);
  }
  for (const { id, path } of needs.secrets) session.addSecret({ id, source: { kind: 'file', path } });
  for (const agent of needs.agents) {
    const forwarded = await forwardedAgent(agent, env);
    if (forwarded !== undefined) session.addAgent(forwarded);
  }
}

/** One name with two filters: each op tells the engine its own, so that the name stands for all that either may see. */
function mergedDirectory(before: SyncedDirectory, after: SyncedDirectory): SyncedDirectory {
  if (before.path !== after.path) {
    throw new InternalError(`the local name ${JSON.stringify(after.name)} stands for ${before.path} and ${after.path}`);
  }
  const same = equal(before.include, after.include) && equal(before.exclude, after.exclude);
  return same ? before : { name: before.name, path: before.path, include: [], exclude: [] };
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** The agent as a session takes it. Without a user's agent there is none, and a step that must have it fails with the engine's word. */
async function forwardedAgent({ id, source }: Agent, env: Environment): Promise<ForwardedAgent | undefined> {
  switch (source.kind) {
    case 'environment': {
      const socket = env['SSH_AUTH_SOCK'];
      return socket === undefined || socket === '' ? undefined : { id, kind: 'agent', socket };
    }
    case 'forward':
      return { id, kind: 'forward', address: source.url };
    case 'paths': {
      const [first, ...others] = source.paths;
      const isSocket = first !== undefined && others.length === 0 && (await standsForSocket(first));
      return isSocket ? { id, kind: 'agent', socket: first } : { id, kind: 'keys', files: source.paths };
    }
  }
}

async function standsForSocket(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isSocket(),
    () => false,
  );
}
