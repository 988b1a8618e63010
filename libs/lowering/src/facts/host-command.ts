import { type HostFacts, hostPath } from '@hlb/facts';
import type { CommandOp } from '@hlb/ir';
import { shellWords } from '../lower/ops/run.js';
import { BadValue, LoweringProblem, placed } from '../lower/problem.js';

/** Where paths of this host lead. */
export interface HostPlace {
  /** Absolute. */
  readonly cwd: string;
  readonly home: string;
}

/**
 * Runs a command of the program on this host, and gives what it printed.
 * @param args its texts
 * @throws LoweringProblem where it fails or can't be started
 */
export async function runHostCommand(
  op: CommandOp,
  args: readonly string[],
  { cwd, home }: HostPlace,
  facts: Pick<HostFacts, 'command'>,
): Promise<string> {
  const words = wordsOf(op, args);
  const directory = hostPath(op.base, { base: '.', cwd, home }) ?? cwd;
  const result = await facts.command({ args: words, cwd: directory, capture: op.capture }).catch((error: unknown) => {
    if (!(error instanceof Error)) throw error;
    throw new LoweringProblem(placed(op, new BadValue('HLB0520', { message: error.message }), op.args[0]));
  });
  if (result.exit !== 0 && !op.ignoreError) throw failedCommand(op, words, result);
  return result.output.replace(/\n+$/, '');
}

/** The words of a command: a single text is a shell's, unless it is to be split. */
function wordsOf(op: CommandOp, args: readonly string[]): readonly string[] {
  const [only = ''] = args;
  if (args.length !== 1) return args;
  if (!op.shlex) return ['/bin/sh', '-c', only];
  try {
    return shellWords(only);
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    throw new LoweringProblem(placed(op, error, op.args[0]));
  }
}

function failedCommand(
  op: CommandOp,
  words: readonly string[],
  result: { readonly output: string; readonly discarded: string; readonly exit: number | string },
): LoweringProblem {
  const how = typeof result.exit === 'number' ? `with exit code ${result.exit}` : `by ${result.exit}`;
  const shown = words[0] === '/bin/sh' && words[1] === '-c' ? (words[2] ?? '') : words.join(' ');
  const said = [result.output, result.discarded].map((text) => text.trimEnd()).filter((text) => text !== '');
  const bad = new BadValue('HLB0520', {
    message: `the command ended ${how}: ${shown}`,
    notes: said.map((text) => `It printed:\n${text.split('\n').slice(-20).join('\n')}`),
  });
  return new LoweringProblem(placed(op, bad, undefined));
}
