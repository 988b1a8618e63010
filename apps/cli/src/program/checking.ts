import { Argument, Option } from 'commander';
import type { ConfigFlags } from '../config/project.js';
import type { CommandLine } from './command-line.js';
import { configOption, noConfigOption } from './options.js';

export interface LintFlags extends ConfigFlags {
  readonly fix?: boolean;
  readonly json?: boolean;
  readonly format: 'text' | 'json' | 'sarif' | 'github';
}

/** What looks at programs and runs nothing: `hlb check`, `format`, `lint`. */
export function addChecking({ program, io, global, set }: CommandLine): void {
  program
    .command('check')
    .description('report everything that is wrong with programs; runs nothing')
    .addArgument(programs())
    .option('--json', 'one JSON document on standard output')
    .action((files: string[], options: { json?: boolean }) =>
      set(async () => (await import('../commands/check.js')).check(io, { ...global(), ...options, files }))(),
    );

  program
    .command('format')
    .alias('fmt')
    .description('print programs in the usual form')
    .argument('[file...]', 'programs, and directories to look for *.hlb in; - or nothing for standard input')
    .option('-w, --write', 'write the files')
    .option('--check', 'say which files are not formatted, and how; exit with 1 if any')
    .action((files: string[], options: { write?: boolean; check?: boolean }) =>
      set(async () => (await import('../commands/format.js')).format(io, { ...global(), ...options, files }))(),
    );

  program
    .command('lint')
    .description('look for what is probably a mistake')
    .addArgument(programs())
    .option('--fix', 'write what can be mended')
    .option('--json', 'one JSON document on standard output')
    .addOption(
      new Option('--format <form>', 'how findings are written')
        .choices(['text', 'json', 'sarif', 'github'])
        .default('text'),
    )
    .addOption(configOption())
    .addOption(noConfigOption())
    .action((files: string[], options: LintFlags) =>
      set(async () => (await import('../commands/lint.js')).lintFiles(io, { ...global(), ...options, files }))(),
    );
}

/** The same program as for `hlb run` where none is named. */
function programs(): Argument {
  return new Argument('[file...]', 'programs; - for standard input').default(['build.hlb'], 'build.hlb');
}
