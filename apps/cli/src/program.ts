import { Command, CommanderError, Option } from 'commander';
import { type ColorChoice, type Io, write } from './process/io.js';
import { addChecking } from './program/checking.js';
import type { CommandLine } from './program/command-line.js';
import { addCompiler } from './program/compiler.js';
import { addCompletion } from './program/completion.js';
import { addEngine } from './program/engine.js';
import { addExplain } from './program/explain.js';
import { addHelp } from './program/help.js';
import { addModule } from './program/module.js';
import type { GlobalOptions } from './program/options.js';
import { addRun } from './program/run.js';
import { addVersion } from './program/version.js';
import { VERSION } from './version.js';

/** Builds the command line and runs it. Each command is loaded when it is used, so that a small one starts fast. */
export async function runProgram(args: readonly string[], io: Io): Promise<number> {
  let code = 0;
  const pending: Promise<void>[] = [];
  const program = new Command('hlb');
  const set = (action: () => Promise<number>) => async (): Promise<void> => {
    code = await action();
  };

  program
    .description('HLB: a typed language for builds. Compiles programs and runs them on BuildKit.')
    .version(VERSION, '-V, --version', 'print the version')
    .addOption(
      new Option('--engine <address>', 'address of the BuildKit engine (default: BUILDKIT_HOST, DOCKER_HOST, …)'),
    )
    .addOption(new Option('--addr <address>', 'the same as --engine').hideHelp())
    .addOption(new Option('--color <when>', 'colour the output').choices(['auto', 'always', 'never']).default('auto'))
    .helpCommand(false)
    .showHelpAfterError('(see hlb --help)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void pending.push(write(io.stdout, text)),
      writeErr: (text) => void pending.push(write(io.stderr, text)),
      getOutHelpWidth: () => Math.min(io.stdout.columns ?? 80, 100),
      getErrHelpWidth: () => Math.min(io.stderr.columns ?? 80, 100),
    });

  const global = (): GlobalOptions => {
    const options = program.opts<{ engine?: string; addr?: string; color: ColorChoice }>();
    const engine = options.engine ?? options.addr;
    return { color: options.color, ...(engine === undefined ? {} : { engine }) };
  };

  const line: CommandLine = { program, io, global, set };
  for (const add of [
    addRun,
    addExplain,
    addChecking,
    addCompiler,
    addModule,
    addEngine,
    addCompletion,
    addHelp,
    addVersion,
  ])
    add(line);
  for (const command of program.commands) command.showHelpAfterError(`(see hlb ${command.name()} --help)`);

  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    await Promise.all(pending);
    return error.exitCode === 0 ? 0 : args.length === 0 ? 0 : 2;
  }
  await Promise.all(pending);
  return code;
}
