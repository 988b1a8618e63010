import { InternalError } from '@hlb/diagnostics';
import { CommandError } from './command-error.js';
import { type Io, write } from './process/io.js';
import { runProgram } from './program.js';
import { harmless, onGithubActions } from './views/plain/actions-commands.js';

/** Runs the command line; gives the exit code. Nothing it meets comes out as an exception. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    return await runProgram(args, io);
  } catch (error) {
    if (error instanceof CommandError) {
      const helps = error.helps.map((help) => `  help: ${help}\n`).join('');
      await write(io.stderr, shown(io, `error: ${error.message}\n${helps}`));
      return error.exitCode;
    }
    await write(io.stderr, shown(io, internalReport(error, args)));
    return 1;
  }
}

/** Messages name what others named: on GitHub Actions that must not be taken for commands. */
function shown(io: Io, text: string): string {
  return onGithubActions(io.env) ? harmless(text) : text;
}

function internalReport(error: unknown, args: readonly string[]): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const where = error instanceof InternalError || process.env.HLB_STACK !== undefined ? stackOf(error) : '';
  return [
    `error: hlb itself failed: ${text}`,
    `  This is a defect of hlb, not of your program. Please report it with the program and this line: hlb ${args.join(' ')}`,
    process.env.HLB_STACK === undefined ? '  help: Set HLB_STACK=1 to see where it happened.' : where,
    '',
  ].join('\n');
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? '') : '';
}
