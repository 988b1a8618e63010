import { write } from '../io.js';
import { VERSION } from '../version.js';
import type { CommandLine } from './command-line.js';

/** `hlb version`. */
export function addVersion({ program, io, set }: CommandLine): void {
  program
    .command('version')
    .description('print the version')
    .option('--json', 'one JSON document on standard output')
    .action((options: { json?: boolean }) =>
      set(async () => {
        const text = options.json === true ? JSON.stringify({ version: VERSION, node: process.version }) : VERSION;
        await write(io.stdout, `${text}\n`);
        return 0;
      })(),
    );
}
