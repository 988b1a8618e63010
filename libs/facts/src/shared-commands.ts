import type { CommandRequest, CommandResult, Facts } from './facts.js';

/**
 * Gives ports over one for several compiles of the same program, one for each: a command of this host that is the same in all of them
 * runs in the first that comes to it, and the others are told what it printed. One that a compile runs twice runs twice.
 */
export function sharedCommands(facts: Facts): () => Facts {
  const results = new Map<string, Promise<CommandResult>[]>();
  return () => {
    const times = new Map<string, number>();
    const command = (request: CommandRequest): Promise<CommandResult> => {
      const key = keyOf(request);
      const time = times.get(key) ?? 0;
      times.set(key, time + 1);
      const known = results.get(key) ?? [];
      results.set(key, known);
      const result = known[time] ?? facts.command(request);
      known[time] = result;
      return result;
    };
    return { ...facts, command };
  };
}

function keyOf({ args, cwd, capture, environment }: CommandRequest): string {
  const variables = environment === undefined ? undefined : [...environment].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([args, cwd, capture, variables]);
}
