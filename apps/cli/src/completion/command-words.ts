import type { Command, Option } from 'commander';

/** What stands before the word to complete, read as commander would read it. */
export interface CommandWords {
  readonly command: Command;
  /** The arguments of the command that are there already. */
  readonly args: readonly string[];
  /** The value of each option that was given, the last one of each, by its attribute's name. */
  readonly values: ReadonlyMap<string, string>;
  /** The option whose value is to be completed; absent: an option's name or an argument. */
  readonly awaiting?: Option;
  /** Whether `--` was passed, after which nothing is an option. */
  readonly onlyArguments: boolean;
  /** What is typed of the word. */
  readonly current: string;
}

/**
 * Reads the words of a command line that is being typed; the last one is to be completed and may be empty. A shell that splits at `=` gives
 * `--name`, `=`, `value`.
 */
export function readCommandWords(program: Command, typed: readonly string[]): CommandWords {
  const words = joinAssignments(typed);
  let command = program;
  let awaiting: Option | undefined;
  let onlyArguments = false;
  const args: string[] = [];
  const values = new Map<string, string>();
  for (const word of words.slice(0, -1)) {
    if (awaiting !== undefined) {
      values.set(awaiting.attributeName(), word);
      awaiting = undefined;
    } else if (onlyArguments || !word.startsWith('-') || word === '-') {
      const sub = args.length === 0 ? subcommand(command, word) : undefined;
      if (sub === undefined) args.push(word);
      else command = sub;
    } else if (word === '--') onlyArguments = true;
    else {
      const [name, value] = splitAssignment(word);
      const option = findOption(command, name);
      if (option === undefined) continue;
      if (value !== undefined) values.set(option.attributeName(), value);
      else if (takesValue(option)) awaiting = option;
    }
  }
  return currentWord({ command, args, values, onlyArguments }, awaiting, words.at(-1) ?? '');
}

function currentWord(
  before: Omit<CommandWords, 'current' | 'awaiting'>,
  awaiting: Option | undefined,
  last: string,
): CommandWords {
  if (awaiting !== undefined) return { ...before, awaiting, current: last };
  const [name, value] = splitAssignment(last);
  const option = value === undefined || before.onlyArguments ? undefined : findOption(before.command, name);
  if (option === undefined || value === undefined) return { ...before, current: last };
  return { ...before, awaiting: option, current: value };
}

/** The options that a command knows, those of the commands above it included. */
export function optionsOf(command: Command): readonly Option[] {
  const own = command.createHelp().visibleOptions(command);
  return command.parent === null ? own : [...own, ...command.parent.options.filter(({ hidden }) => !hidden)];
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function findOption(command: Command, name: string): Option | undefined {
  return optionsOf(command).find(({ short, long }) => short === name || long === name);
}

function subcommand(command: Command, word: string): Command | undefined {
  return command.commands.find((sub) => sub.name() === word || sub.aliases().includes(word));
}

function splitAssignment(word: string): readonly [name: string, value: string | undefined] {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  return equals === -1 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

function joinAssignments(typed: readonly string[]): readonly string[] {
  const words: string[] = [];
  for (const [index, word] of typed.entries()) {
    const before = words.at(-1);
    const assigns = word === '=' && before?.startsWith('--') === true;
    const assigned = typed[index - 1] === '=' && before?.startsWith('--') === true && before.endsWith('=');
    if (before !== undefined && (assigns || assigned)) words[words.length - 1] = before + word;
    else words.push(word);
  }
  return words;
}
