import { Option } from 'commander';
import type { PassFlags } from '../config/project.js';
import type { CommandLine } from './command-line.js';
import {
  type CompileFlags,
  collect,
  configOption,
  levelOption,
  noConfigOption,
  type OptimisationLevel,
  passOption,
  platform,
  skipPassOption,
} from './options.js';

export interface DumpFlags extends CompileFlags {
  readonly stage: 'tokens' | 'ast' | 'ir' | 'llb' | 'plan';
  readonly after?: string;
  readonly offline?: boolean;
  readonly format: 'text' | 'dot' | 'mermaid';
  readonly json?: boolean;
}

export interface PassesFlags extends PassFlags {
  readonly O: OptimisationLevel;
  readonly json?: boolean;
}

export interface OptFlags extends PassFlags {
  readonly passes: string;
  readonly facts?: string;
}

/** What shows and runs the compiler: `hlb dump`, `passes`, `opt`. */
export function addCompiler({ program, io, global, set }: CommandLine): void {
  program
    .command('dump')
    .description('print what the compiler thinks, at any point')
    .argument('[file]', 'the program; - for standard input', 'build.hlb')
    .option('-t, --target <name>', 'a target (may be repeated)', collect, [])
    .addOption(
      new Option('--stage <stage>', 'which stage').choices(['tokens', 'ast', 'ir', 'llb', 'plan']).default('plan'),
    )
    .option('--after <pass>', 'the IR after this pass')
    .addOption(levelOption())
    .option('--platform <os/arch>', 'the default platform', platform)
    .option('--offline', 'answer nothing from engines, registries or networks')
    .option('--facts <file>', 'answer what the compiler asks from this file')
    .option('--record-facts <file>', 'write what the compiler asked, and the answers')
    .addOption(new Option('--format <form>', 'form of the IR').choices(['text', 'dot', 'mermaid']).default('text'))
    .option('--json', 'one JSON document on standard output')
    .option('--verify', 'check the IR after every pass')
    .option('--timings', 'show how long each stage and each pass took, on standard error; with --json as JSON')
    .addOption(passOption())
    .addOption(skipPassOption())
    .addOption(configOption())
    .addOption(noConfigOption())
    .action((file: string, options: DumpFlags) =>
      set(async () => (await import('../commands/dump.js')).dump(io, { ...global(), ...options, file }))(),
    );

  const passes = program
    .command('passes')
    .description('list the passes in the order in which they run, with where each comes from')
    .argument('[file]', 'a program in whose folder packages and the configuration are looked for', 'build.hlb')
    .addOption(levelOption())
    .addOption(passOption())
    .addOption(skipPassOption())
    .addOption(configOption())
    .addOption(noConfigOption())
    .option('--json', 'one JSON document on standard output')
    .action((file: string, options: PassesFlags) =>
      set(async () => (await import('../commands/passes.js')).passes(io, { ...global(), ...options, file }))(),
    );
  passes
    .command('new')
    .description('make a package with a pass, its test and a README')
    .argument('<name>', 'the name of the package; its folder is made here')
    .action((name: string) => set(async () => (await import('../commands/passes-new.js')).newPass(io, name))());

  program
    .command('opt')
    .description('run passes on IR text')
    .argument('<file>', 'IR text; - for standard input')
    .requiredOption('--passes <names>', 'passes to run, separated by commas: names, packages or paths')
    .addOption(passOption())
    .option('--facts <file>', 'answer what passes ask from this file')
    .addOption(configOption())
    .addOption(noConfigOption())
    .action((file: string, options: OptFlags) =>
      set(async () => (await import('../commands/opt.js')).opt(io, { ...global(), ...options, file }))(),
    );
}
