import { write } from '../process/io.js';
import { VERSION } from '../version.js';
import type { CommandLine } from './command-line.js';

/** `hlb version`. */
export function addVersion({ program, io, global, set }: CommandLine): void {
  program
    .command('version')
    .description('print the version')
    .option('--json', 'one JSON document on standard output, with the versions of Node and of the engine')
    .action((options: { json?: boolean }) =>
      set(async () => {
        if (options.json === true) return (await import('../commands/version.js')).versionJson(io, global());
        await write(io.stdout, `${VERSION}\n`);
        return 0;
      })(),
    );
}
