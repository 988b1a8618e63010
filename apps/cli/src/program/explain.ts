import type { CommandLine } from './command-line.js';

/** `hlb explain`. */
export function addExplain({ program, io, global, set }: CommandLine): void {
  program
    .command('explain')
    .description('say why the steps of the last build of a target ran again')
    .argument('[file]', 'the program; - for one that was on standard input in this folder', 'build.hlb')
    .option('-t, --target <name>', 'the target', 'default')
    .option('--json', 'one JSON document on standard output')
    .action((file: string, options: { target: string; json?: boolean }) =>
      set(async () => (await import('../commands/explain.js')).explain(io, { ...global(), ...options, file }))(),
    );
}
