import type { Command } from 'commander';
import type { ConfigFlags } from '../config/project.js';
import type { CommandLine } from './command-line.js';
import { collect, configOption, noConfigOption, platform } from './options.js';

export interface ModuleFlags extends ConfigFlags {
  readonly target?: readonly string[];
  readonly platform?: string;
  readonly offline?: boolean;
  readonly facts?: string;
  readonly long?: boolean;
  readonly json?: boolean;
}

/** `hlb module`. */
export function addModule({ program, io, global, set }: CommandLine): void {
  const module = program
    .command('module')
    .alias('mod')
    .description('what a program imports: copies of it, and its tree');
  const moduleCommand = (name: 'vendor' | 'tidy' | 'tree', description: string): Command =>
    module
      .command(name)
      .description(description)
      .argument('[file]', 'the program, or the start of the digest of a vendored module', 'build.hlb')
      .option('--platform <os/arch>', 'the default platform', platform)
      .option('--offline', 'answer nothing from engines, registries or networks')
      .option('--facts <file>', 'answer what the compiler asks from this file')
      .addOption(configOption())
      .addOption(noConfigOption())
      .action((file: string, options: ModuleFlags) =>
        set(async () => (await import('../commands/module.js'))[name](io, { ...global(), ...options, file }))(),
      );
  moduleCommand('vendor', 'keep copies of all modules from elsewhere').option(
    '-t, --target <name>',
    'fetch only this import anew (may be repeated)',
    collect,
    [],
  );
  moduleCommand('tidy', 'add the copies that are missing, and remove those that nothing uses');
  moduleCommand('tree', 'print what a program imports, and what that imports')
    .option('--long', 'whole digests')
    .option('--json', 'one JSON document on standard output');
}
