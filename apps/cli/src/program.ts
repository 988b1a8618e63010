import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { isPlatformName, type LogOutput, logOutputs } from './config/config.js';
import type { ConfigFlags, PassFlags } from './config/project.js';
import { type ColorChoice, type Io, write } from './io.js';
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
    .helpCommand('help [command]', 'explain a command')
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

  program
    .command('run')
    .description('check and compile a program, and run its targets on the engine')
    .argument('[file]', 'the program; - for standard input', 'build.hlb')
    .option('-t, --target <name>', 'a target to run (may be repeated)', collect, [])
    .option('--platform <os/arch>', 'the default platform', platform)
    .addOption(new Option('--log-output <form>', 'how progress is shown (default: "auto")').choices(logOutputs))
    .addOption(levelOption())
    .option('--jobs <n>', 'solves that may run side by side', positive)
    .option('--backtrace', 'show all calls that led to an error')
    .option('--facts <file>', 'answer what the compiler asks from this file')
    .option('--record-facts <file>', 'write what the compiler asked, and the answers')
    .option('--verify', 'check the IR after every pass')
    .addOption(passOption())
    .addOption(configOption())
    .addOption(noConfigOption())
    .action((file: string, options: RunFlags) =>
      set(async () => (await import('./commands/run.js')).run(io, { ...global(), ...options, file }))(),
    );

  program
    .command('check')
    .description('report everything that is wrong with programs; runs nothing')
    .argument('<file...>', 'programs; - for standard input')
    .option('--json', 'one JSON document on standard output')
    .action((files: string[], options: { json?: boolean }) =>
      set(async () => (await import('./commands/check.js')).check(io, { ...global(), ...options, files }))(),
    );

  program
    .command('format')
    .alias('fmt')
    .description('print programs in the usual form')
    .argument('[file...]', 'programs, and directories to look for *.hlb in; - or nothing for standard input')
    .option('-w, --write', 'write the files')
    .option('--check', 'say which files are not formatted, and how; exit with 1 if any')
    .action((files: string[], options: { write?: boolean; check?: boolean }) =>
      set(async () => (await import('./commands/format.js')).format(io, { ...global(), ...options, files }))(),
    );

  program
    .command('lint')
    .description('look for what is probably a mistake')
    .argument('<file...>', 'programs; - for standard input')
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
      set(async () => (await import('./commands/lint.js')).lintFiles(io, { ...global(), ...options, files }))(),
    );

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
    .addOption(passOption())
    .addOption(configOption())
    .addOption(noConfigOption())
    .action((file: string, options: DumpFlags) =>
      set(async () => (await import('./commands/dump.js')).dump(io, { ...global(), ...options, file }))(),
    );

  const passes = program
    .command('passes')
    .description('list the passes in the order in which they run, with where each comes from')
    .argument('[file]', 'a program in whose folder packages and the configuration are looked for', 'build.hlb')
    .addOption(levelOption())
    .addOption(passOption())
    .addOption(configOption())
    .addOption(noConfigOption())
    .option('--json', 'one JSON document on standard output')
    .action((file: string, options: PassesFlags) =>
      set(async () => (await import('./commands/passes.js')).passes(io, { ...global(), ...options, file }))(),
    );
  passes
    .command('new')
    .description('make a package with a pass, its test and a README')
    .argument('<name>', 'the name of the package; its folder is made here')
    .action((name: string) => set(async () => (await import('./commands/passes-new.js')).newPass(io, name))());

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
      set(async () => (await import('./commands/opt.js')).opt(io, { ...global(), ...options, file }))(),
    );

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
        set(async () => (await import('./commands/module.js'))[name](io, { ...global(), ...options, file }))(),
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

  const engine = program
    .command('engine')
    .description('the managed engine: BuildKit from the system\u2019s own packages');
  for (const [name, description] of [
    ['up', 'start it, fetching what is missing'],
    ['down', 'stop it; its cache stays'],
    ['status', 'say whether it answers'],
    ['purge', 'stop it and delete its folder'],
  ] as const) {
    engine
      .command(name)
      .description(description)
      .option('--json', 'one JSON document on standard output')
      .action((options: { json?: boolean }) =>
        set(async () => (await import('./commands/engine.js')).engine(io, name, options))(),
      );
  }

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

/** `0` changes nothing but what must be; `1` is the default. */
export type OptimisationLevel = '0' | '1';

export interface GlobalOptions {
  readonly engine?: string;
  readonly color: ColorChoice;
}

export interface CompileFlags extends PassFlags {
  readonly target: readonly string[];
  readonly platform?: string;
  readonly O: OptimisationLevel;
  readonly facts?: string;
  readonly recordFacts?: string;
  readonly verify?: boolean;
}

export interface RunFlags extends CompileFlags {
  readonly logOutput?: LogOutput;
  readonly jobs?: number;
  readonly backtrace?: boolean;
}

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

export interface ModuleFlags extends ConfigFlags {
  readonly target?: readonly string[];
  readonly platform?: string;
  readonly offline?: boolean;
  readonly facts?: string;
  readonly long?: boolean;
  readonly json?: boolean;
}

export interface LintFlags extends ConfigFlags {
  readonly fix?: boolean;
  readonly json?: boolean;
  readonly format: 'text' | 'json' | 'sarif' | 'github';
}

function levelOption(): Option {
  return new Option('-O <level>', 'how much to optimise: 0 gives exactly what the program says')
    .choices(['0', '1'])
    .default('1');
}

function passOption(): Option {
  return new Option(
    '--pass <pass>',
    'a pass from outside: a package or a path, and options as in NAME:{"to":"x"} (may be repeated)',
  )
    .argParser(collect)
    .default([], 'none');
}

function configOption(): Option {
  return new Option('--config <file>', 'the configuration (default: hlb.config.ts, .js, .mjs or .json, found upward)');
}

function noConfigOption(): Option {
  return new Option('--no-config', 'leave the configuration aside');
}

function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('expected a number from 1 up');
  return number;
}

function platform(value: string): string {
  if (!isPlatformName(value)) {
    throw new InvalidArgumentError('expected OS/ARCH, such as linux/amd64');
  }
  return value;
}
