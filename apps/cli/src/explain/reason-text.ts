import { type ExplainedStep, hasHidden, type Reason, shownText } from '@hlb/history';
import { diffArrays } from 'diff';
import type { createColors } from 'picocolors';
import { counted } from '../views/units.js';
import { visibleText } from '../views/visible-text.js';

type Colors = ReturnType<typeof createColors>;

/** Files of a kind of change that are named. */
const NAMED_FILES = 10;

/** Characters of an unchanged part of a command that stand beside what changed. */
const CONTEXT = 40;

/** Characters of a step's name that stand in a line. */
const LONGEST_TITLE = 100;

/** A reason in lines: the first a sentence, the others what belongs to it. */
export function reasonLines(reason: Reason, steps: readonly ExplainedStep[], colors: Colors): readonly string[] {
  switch (reason.kind) {
    case 'first-build':
      return ['no build of this target is known from before'];
    case 'new-step':
      return ['it is new: the build before had no such step'];
    case 'ignore-cache':
      return ['it is run in every build: ignoreCache'];
    case 'command':
      return ['its command changed:', `  ${wordDiff(reason.before, reason.after, colors)}`, ...hiddenNote(reason)];
    case 'setting':
      return settingLines(reason, colors);
    case 'files':
      return fileLines(reason, colors);
    case 'files-unknown':
      return [`whether files of ${quoted(reason.directory)} changed is not known: a list of them is missing`];
    case 'image':
      return [
        `the image ${shown(reason.image)} has another digest:`,
        `  ${colors.red(`- ${reason.before}`)}`,
        `  ${colors.green(`+ ${reason.after}`)}`,
      ];
    case 'input':
      return reason.causes.flatMap((place) => {
        const cause = steps[place];
        return cause === undefined ? [] : [`it follows from ${stepTitle(cause)}`];
      });
    case 'not-built-before':
      return [`the build before ${reason.outcome === 'failed' ? 'failed' : 'was cancelled'} before it was done`];
    case 'other-engine':
      return ['the build before was on another engine:', `  - ${shown(reason.before)}`, `  + ${shown(reason.after)}`];
    case 'not-in-cache':
      return [
        'nothing changed: the engine did not have its result any more (its cache was pruned, or it was new there)',
      ];
  }
}

/** A step by its place and name, on one line. */
export function stepTitle({ place, name }: ExplainedStep): string {
  const whole = visibleText(shownText(name).replace(/\s+/g, ' '));
  const title = whole.length > LONGEST_TITLE ? `${whole.slice(0, LONGEST_TITLE)}…` : whole;
  return place === undefined ? title : `${visibleText(place)} ${title}`;
}

function settingLines(
  { name, before, after }: Extract<Reason, { kind: 'setting' }>,
  colors: Colors,
): readonly string[] {
  const [kind = '', ...rest] = name.split(' ');
  const what =
    kind === 'env'
      ? `the environment variable ${shown(rest.join(' '))}`
      : kind === 'options'
        ? 'an option'
        : shown(name);
  if (before === undefined && after === undefined) return ['an option of it changed'];
  // What something holds is told by its hash.
  if (kind === 'content') return [`the ${shown(name)} changed`];
  if (before === undefined || before === '') return [`${what} is set now${valueText(after)}`];
  if (after === undefined || after === '') return [`${what} is not set any more${valueText(before)}`];
  return [`${what} changed:`, `  ${wordDiff(before, after, colors)}`, ...hiddenNote({ before, after })];
}

function valueText(value: string | undefined): string {
  return value === undefined || value === '' ? '' : `: ${shown(value)}`;
}

function hiddenNote({ before, after }: { readonly before: string; readonly after: string }): readonly string[] {
  return hasHidden(before) || hasHidden(after) ? ['  (••• stands for words that are not in the program)'] : [];
}

function fileLines(reason: Extract<Reason, { kind: 'files' }>, colors: Colors): readonly string[] {
  const { directory, added, changed, removed, unlisted } = reason;
  const parts = [
    ...(changed.length === 0 ? [] : [`${changed.length} changed`]),
    ...(added.length === 0 ? [] : [`${added.length} added`]),
    ...(removed.length === 0 ? [] : [`${removed.length} removed`]),
  ];
  const head = `files of the directory ${quoted(directory)} are not the same${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
  return [
    head,
    ...named(changed, (path) => colors.yellow(`~ ${path}`)),
    ...named(added, (path) => colors.green(`+ ${path}`)),
    ...named(removed, (path) => colors.red(`- ${path}`)),
    ...unlisted.map(
      (folder) =>
        `  ~ something in ${folder === '' ? 'the rest' : quoted(folder)}, which has too many files to be listed`,
    ),
  ];
}

function named(paths: readonly string[], draw: (path: string) => string): readonly string[] {
  const more = paths.length - NAMED_FILES;
  return [
    ...paths.slice(0, more === 1 ? NAMED_FILES + 1 : NAMED_FILES).map((path) => `  ${draw(visibleText(path))}`),
    ...(more > 1 ? [`    and ${counted(more, 'more file').replace('more files', 'more')}`] : []),
  ];
}

/** Two texts as one: `[-what is gone-]` and `{+what is new+}`, with some of what is around. */
function wordDiff(before: string, after: string, colors: Colors): string {
  const parts = diffArrays(tokens(before), tokens(after));
  return parts
    .map(({ value: words, added, removed }, place) => {
      const value = words.join('');
      if (added) return colors.green(`{+${shown(value)}+}`);
      if (removed) return colors.red(`[-${shown(value)}-]`);
      return shortened(shown(value), place === 0, place === parts.length - 1);
    })
    .join('');
}

/** Words, blanks and signs; what is hidden is a word, too. */
function tokens(text: string): string[] {
  return text.match(/\u2039[0-9a-f]{8}\u203a|[\p{L}\p{N}_]+|\s+|./gsu) ?? [];
}

function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  if (text.length <= CONTEXT * (isFirst || isLast ? 1 : 2) + 1) return text;
  const start = isFirst ? '' : text.slice(0, CONTEXT);
  return `${start}…${isLast ? '' : text.slice(-CONTEXT)}`;
}

function shown(text: string): string {
  return visibleText(shownText(text));
}

function quoted(text: string): string {
  return JSON.stringify(visibleText(text));
}
