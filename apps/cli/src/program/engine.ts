import type { CommandLine } from './command-line.js';

/** `hlb engine`. */
export function addEngine({ program, io, set }: CommandLine): void {
  const engine = program
    .command('engine')
    .description('the managed engine: BuildKit from the system\u2019s own packages');
  for (const [name, description] of [
    ['up', 'start it, fetching what is missing'],
    ['down', 'stop it; its cache stays'],
    ['status', 'say whether it answers'],
    ['purge', 'stop it and delete its folder'],
  ] as const) {
    engine
      .command(name)
      .description(description)
      .option('--json', 'one JSON document on standard output')
      .action((options: { json?: boolean }) =>
        set(async () => (await import('../commands/engine.js')).engine(io, name, options))(),
      );
  }
}
