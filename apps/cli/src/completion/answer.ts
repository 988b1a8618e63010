import type { Argument, Command } from 'commander';
import { type CommandWords, optionsOf, readCommandWords } from './command-words.js';

/** What may stand at the place of the cursor. */
export type Answer =
  | { readonly kind: 'values'; readonly values: readonly Candidate[] }
  /** Files whose names end with `extension`; all files without it. */
  | { readonly kind: 'files'; readonly extension?: string }
  | { readonly kind: 'directories' }
  | { readonly kind: 'none' };

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What the command line alone doesn't tell. */
export interface Sources {
  /** The targets of a program, by the path of its file. */
  readonly targets: (file: string) => Promise<readonly Candidate[]>;
  /** The passes of the project. */
  readonly passes: () => Promise<readonly Candidate[]>;
  /** What `hlb help` explains beside commands. */
  readonly topics: () => Promise<readonly Candidate[]>;
}

const platforms = [
  'linux/amd64',
  'linux/arm64',
  'linux/arm/v7',
  'linux/386',
  'linux/ppc64le',
  'linux/riscv64',
  'linux/s390x',
];
/** Options whose value says more than its name in the help. */
const byOption: Readonly<Record<string, string>> = { '--target': 'target', '--pass': 'file', '--passes': 'pass' };
const nothing: Answer = { kind: 'none' };

/** What may follow the words typed so far; the last of them is the one under the cursor. */
export async function answer(program: Command, typed: readonly string[], sources: Sources): Promise<Answer> {
  const words = readCommandWords(program, typed);
  if (words.awaiting !== undefined) {
    const { argChoices, flags, long } = words.awaiting;
    if (argChoices !== undefined) return values(plain(argChoices), words.current);
    return valueNamed(byOption[long ?? ''] ?? /[<[]([^>\].]+)/.exec(flags)?.[1] ?? '', words, sources);
  }
  if (words.current.startsWith('-') && !words.onlyArguments) return values(optionNames(words.command), words.current);
  const { command, args } = words;
  const commands = args.length === 0 ? subcommands(command) : [];
  const position = Math.min(args.length, command.registeredArguments.length - 1);
  const argument = command.registeredArguments[position];
  if (argument === undefined || (args.length > position && !argument.variadic)) {
    return commands.length === 0 ? nothing : values(commands, words.current);
  }
  const own = await argumentOf(argument, words, sources);
  return own.kind === 'values' ? values([...commands, ...own.values], words.current) : own;
}

/** The form that the shells' scripts read: the kind in the first line, then a candidate a line with its description behind a tab. */
export function answerText(given: Answer): string {
  switch (given.kind) {
    case 'values':
      return ['values', ...given.values.map(({ value, description }) => `${value}\t${description}`), ''].join('\n');
    case 'files':
      return given.extension === undefined ? 'files\n' : `files ${given.extension}\n`;
    case 'directories':
    case 'none':
      return `${given.kind}\n`;
  }
}

function argumentOf(argument: Argument, words: CommandWords, sources: Sources): Promise<Answer> {
  if (argument.argChoices !== undefined) return Promise.resolve(values(plain(argument.argChoices), words.current));
  if (argument.name() === 'file') {
    return Promise.resolve({ kind: 'files', extension: words.command.name() === 'opt' ? '.ir' : '.hlb' });
  }
  return valueNamed(argument.name(), words, sources);
}

/** What stands for a name such as `file` in `--config <file>`. */
async function valueNamed(name: string, words: CommandWords, sources: Sources): Promise<Answer> {
  switch (name) {
    case 'file':
      return { kind: 'files' };
    case 'folder':
      return { kind: 'directories' };
    case 'target':
      return values(await sources.targets(words.args[0] ?? 'build.hlb'), words.current);
    case 'pass':
      return values(await sources.passes(), words.current);
    case 'topic':
      return values(await sources.topics(), words.current);
    case 'os/arch':
      return values(plain(platforms), words.current);
    default:
      return nothing;
  }
}

function values(candidates: readonly Candidate[], current: string): Answer {
  return { kind: 'values', values: candidates.filter(({ value }) => value.startsWith(current)) };
}

function subcommands(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((sub) => ({ value: sub.name(), description: sub.description() }));
}

function optionNames(command: Command): Candidate[] {
  return optionsOf(command).map(({ long, short, description }) => ({ value: long ?? short ?? '', description }));
}

function plain(texts: readonly string[]): Candidate[] {
  return texts.map((value) => ({ value, description: '' }));
}
