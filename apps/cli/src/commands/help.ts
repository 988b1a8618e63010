import { nearest } from '@hlb/diagnostics';
import type { Command } from 'commander';
import { CommandError } from '../command-error.js';
import type { HelpPage } from '../help/page.js';
import { pageText } from '../help/page-text.js';
import { findTopic, topics } from '../help/topics.js';
import { type Io, wantsColor, widthOf, write } from '../process/io.js';
import type { GlobalOptions } from '../program/options.js';

/** `hlb help [TOPIC…]`: a command, a builtin, a diagnostic's code or a page of the documentation, explained. */
export async function help(
  io: Io,
  program: Command,
  words: readonly string[],
  options: GlobalOptions,
): Promise<number> {
  const command = findCommand(program, words);
  const [name = ''] = words;
  if (command !== undefined && name !== '') {
    await write(io.stdout, command.helpInformation());
    const builtin = (await topics(io)).some((page) => page.group === 'builtin' && page.name === name);
    if (builtin && words.length === 1) await write(io.stdout, `\nThe builtin: hlb help builtin/${name}\n`);
    return 0;
  }
  const pages = await topics(io);
  if (name === '') {
    await write(io.stdout, `${program.helpInformation()}\n${overview(pages)}`);
    return 0;
  }
  const page = words.length === 1 ? findTopic(pages, name) : undefined;
  if (page === undefined) throw unknownTopic(program, pages, words);
  const layout = { width: widthOf(io.stdout), color: wantsColor(io.stdout, options.color, io.env) };
  await write(io.stdout, pageText(page, layout));
  return 0;
}

function findCommand(program: Command, words: readonly string[]): Command | undefined {
  let command: Command | undefined = program;
  for (const word of words) {
    command = command?.commands.find((sub) => sub.name() === word || sub.aliases().includes(word));
  }
  return command;
}

function overview(pages: readonly HelpPage[]): string {
  const own = pages.filter(({ group }) => group === 'topic');
  const widest = Math.max(...own.map(({ name }) => name.length));
  return [
    'Topics (hlb help TOPIC):',
    ...own.map(({ name, title }) => `  ${name.padEnd(widest)}  ${title}`),
    `  ${'NAME'.padEnd(widest)}  A builtin, such as copy`,
    `  ${'CODE'.padEnd(widest)}  A message, such as HLB0204`,
    '',
  ].join('\n');
}

function unknownTopic(program: Command, pages: readonly HelpPage[], words: readonly string[]): CommandError {
  const topic = words.join(' ');
  const names = [...program.commands.map((command) => command.name()), ...pages.map(({ name }) => name)];
  const near = nearest(topic, names);
  return new CommandError(`there is no help for ${JSON.stringify(topic)}`, {
    exitCode: 2,
    helps: [...(near === undefined ? [] : [`Did you mean hlb help ${near}?`]), 'hlb help lists what there is.'],
  });
}
