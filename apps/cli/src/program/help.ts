import type { CommandLine } from './command-line.js';

/** `hlb help`. */
export function addHelp({ program, io, global, set }: CommandLine): void {
  program
    .command('help')
    .description('explain a command, a builtin, a message or a topic; alone, list them')
    .argument('[topic...]', 'such as run, copy, HLB0204 or configuration')
    .action((words: string[]) =>
      set(async () => (await import('../commands/help.js')).help(io, program, words, global()))(),
    );
}
