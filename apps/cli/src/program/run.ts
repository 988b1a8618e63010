import { InvalidArgumentError, Option } from 'commander';
import { type LogOutput, logOutputs } from '../config/config.js';
import type { SettingsFlags } from '../settings/settings-flags.js';
import { type OnFailure, readOnFailure } from '../shell/on-failure.js';
import type { CommandLine } from './command-line.js';
import {
  type CompileFlags,
  collect,
  configOption,
  levelOption,
  noConfigOption,
  passOption,
  platforms,
  positive,
  skipPassOption,
} from './options.js';
import { addSettings } from './settings.js';

export interface RunFlags extends CompileFlags, SettingsFlags {
  readonly logOutput?: LogOutput;
  readonly jobs?: number;
  readonly keepGoing?: boolean;
  readonly backtrace?: boolean;
  readonly onFailure?: OnFailure;
}

/** `hlb run`. */
export function addRun({ program, io, global, set }: CommandLine): void {
  const command = program
    .command('run')
    .description('check and compile a program, and run its targets on the engine')
    .argument('[file]', 'the program; - for standard input', 'build.hlb')
    .option('-t, --target <name>', 'a target to run (may be repeated)', collect, [])
    .option('--platform <os/arch,…>', 'what to build for; several give one image index', platforms)
    .addOption(new Option('--log-output <form>', 'how progress is shown (default: "auto")').choices(logOutputs))
    .addOption(levelOption())
    .option('--jobs <n>', 'solves that may run side by side', positive)
    .option('--keep-going', 'after a failure, go on with all that does not wait for what failed')
    .addOption(
      new Option('--no-keep-going', 'end everything at the first failure, whatever the configuration says').hideHelp(),
    )
    .option('--backtrace', 'show all calls that led to an error')
    .option('--on-failure <action>', 'shell, or shell:COMMAND: open it where a command failed', onFailure)
    .option('--facts <file>', 'answer what the compiler asks from this file')
    .option('--record-facts <file>', 'write what the compiler asked, and the answers')
    .option('--verify', 'check the IR after every pass')
    .option('--timings', 'show how long each stage and each pass took, on standard error')
    .addOption(passOption())
    .addOption(skipPassOption())
    .addOption(configOption())
    .addOption(noConfigOption())
    .action((file: string, options: RunFlags) =>
      set(async () => (await import('../commands/run.js')).run(io, { ...global(), ...options, file }))(),
    );
  addSettings(command);
}

function onFailure(value: string): OnFailure {
  const read = readOnFailure(value);
  if (read === undefined) throw new InvalidArgumentError('expected shell or shell:COMMAND, such as shell:/bin/bash');
  return read;
}
