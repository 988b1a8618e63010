import { type Diagnostic, diagnostic, nearest } from '@hlb/diagnostics';
import type { Block, TypeWord } from '@hlb/parser';
import { builtinsNamed, builtinsOfKind, optionKinds } from '../../builtins/table.js';
import { isOptionKind, kindOfWord } from '../../kind.js';
import { at, type CheckState, report, type UnknownKind } from '../state.js';

const PLAIN_KINDS = ['fs', 'string', 'int', 'bool', 'pipeline'];

/** Kinds of other languages, and what they are here. */
const FOREIGN_KINDS: Readonly<Record<string, string>> = {
  boolean: 'bool',
  filesystem: 'fs',
  float: 'int',
  integer: 'int',
  number: 'int',
  str: 'string',
  text: 'string',
};

/** Notes a type word that names no kind. It is an error as soon as something must have that kind. */
export function noteTypeWord(state: CheckState, word: TypeWord, block: Block | undefined): void {
  if (word.text === '' || isKnown(state, word.text)) return;
  const calls = block?.items.filter((item) => item.kind === 'call-stmt') ?? [];
  state.unknownKinds.set(word, { word, clashes: [], callees: calls.map((call) => call.name) });
}

function isKnown(state: CheckState, text: string): boolean {
  const kind = kindOfWord(text);
  if (kind === undefined) return false;
  if (!isOptionKind(kind)) return true;
  return optionKinds.includes(kind) || state.entries.has(kind.slice('option::'.length));
}

/** Something gives another kind than the unknown one, or is given where another is needed. */
export function clash(state: CheckState, word: TypeWord, places: UnknownKind['clashes'][number]): void {
  if (!state.reporting) return;
  state.unknownKinds.get(word)?.clashes.push(places);
}

/** Reports each unknown type word once, with the first place where it matters. */
export function reportTypeWords(state: CheckState): void {
  for (const unknown of state.unknownKinds.values()) report(state, describe(state, unknown));
}

function describe(state: CheckState, { word, clashes, callees }: UnknownKind): Diagnostic {
  const { text } = word;
  const here = at(state, word);
  const first = clashes[0];
  const severity = first === undefined ? 'warning' : 'error';
  const meant = text === 'option' || isOptionKind(text) ? meantOption(text, callees) : meantKind(text);
  const message =
    text === 'option'
      ? '`option` alone is no kind: it must say whose option it is'
      : isOptionKind(text)
        ? `nothing takes options of kind \`${text}\``
        : `there is no kind \`${text}\``;
  return diagnostic(text === 'option' ? 'HLB0307' : 'HLB0306', {
    severity,
    message,
    at: here,
    label: meant === undefined ? 'not a kind' : `did you mean \`${meant}\`?`,
    related: (first ?? []).map((place) =>
      place.message === '' && meant !== undefined && isOptionKind(meant)
        ? { ...place, message: `an option of \`${meant.slice('option::'.length)}\`` }
        : place,
    ),
    helps:
      meant === undefined
        ? ['The kinds are `fs`, `string`, `int`, `bool`, `pipeline` and the options, such as `option::run`.']
        : [],
    fixes: meant === undefined ? [] : [{ title: `Write \`${meant}\``, edits: [{ span: here, text: meant }] }],
  });
}

function meantKind(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (Object.hasOwn(FOREIGN_KINDS, lower)) return FOREIGN_KINDS[lower];
  return nearest(text, PLAIN_KINDS) ?? nearest(text, optionKinds);
}

/** The option kind that has all the names in a block, or the one that is written most alike. */
function meantOption(text: string, callees: readonly string[]): string | undefined {
  const alike = text === 'option' ? undefined : nearest(text, optionKinds);
  if (alike !== undefined) return alike;
  const known = callees.filter((name) => builtinsNamed(name).length > 0);
  if (known.length === 0) return undefined;
  return optionKinds.find((kind) => known.every((name) => builtinsOfKind(kind).some((row) => row.name === name)));
}
