import { Argument } from 'commander';
import { type Shell, shells } from '../completion/scripts.js';
import type { CommandLine } from './command-line.js';

/** `hlb completion`, and `hlb complete`, which the shells' scripts call. */
export function addCompletion({ program, io, set }: CommandLine): void {
  program
    .command('completion')
    .description('print the script with which a shell completes hlb')
    .addArgument(new Argument('<shell>', 'for source <(hlb completion bash) in ~/.bashrc, say').choices(shells))
    .action((shell: Shell) => set(async () => (await import('../commands/completion.js')).completion(io, shell))());
  program
    .command('complete', { hidden: true })
    .addArgument(new Argument('<shell>').choices(shells))
    .argument('[word...]')
    .action((_: Shell, words: string[]) =>
      set(async () => (await import('../commands/completion.js')).complete(io, program, words))(),
    );
}
