import { diagnostic, type Span } from '@hlb/diagnostics';
import type { Call, Expr, TypeWord } from '@hlb/parser';
import type { Builtin } from '../../builtins/builtin.js';
import { builtinSpan } from '../../builtins/declarations.js';
import { isOptionKind, kindChoice, kindPhrase } from '../../kind.js';
import { clash } from '../declare/type-words.js';
import { definition } from '../messages/names.js';
import { at, type BuiltinEntry, type CheckState, type Found, report } from '../state.js';
import type { Place } from './place.js';

type Related = readonly { readonly span: Span; readonly message: string }[];

/** C7: a literal where another kind is needed. */
export function wrongLiteral(state: CheckState, literal: Expr, actual: string, place: Place): void {
  const where = literal.kind === 'func-lit' ? literal.type : literal;
  const word = literal.kind === 'func-lit' ? literal.type : undefined;
  const shown = literal.kind === 'func-lit' ? 'this block' : 'this';
  mismatch(state, at(state, where), shown, actual, place, word, []);
}

/** C8: a call that gives another kind than is needed. */
export function wrongKind(
  state: CheckState,
  call: Call,
  actual: string,
  place: Place,
  entry: Found,
  builtin: Builtin | undefined,
): void {
  const word =
    entry.kind === 'function' ? entry.symbol.decl.type : entry.kind === 'param' ? entry.param.field.type : undefined;
  const declared = builtin === undefined ? definition(state, entry) : builtinSpan(builtin);
  const text = call.name;
  const related =
    declared === undefined
      ? []
      : [{ span: declared, message: builtin === undefined ? `\`${text}\` is declared here` : 'builtin' }];
  mismatch(state, at(state, call.callee.ident), `\`${text}\``, actual, place, word, related);
}

/** C9: a builtin with several overloads, none of them of a kind that the place takes. */
export function wrongOverload(state: CheckState, call: Call, entry: BuiltinEntry, place: Place): void {
  const kinds = entry.overloads.map((o) => o.builtin.kind).sort();
  const here = at(state, call.callee.ident);
  if (clashWithPlace(state, place, here, undefined, [])) return;
  if (refuseOptions(state, place, here)) return;
  const uses = kinds.map((kind) =>
    isOptionKind(kind) ? `an option of \`${calleeOf(kind)}\`` : `a statement of ${kindPhrase(kind)} block`,
  );
  report(
    state,
    diagnostic('HLB0310', {
      message: `\`${entry.name}\` ${cannotStand(place)}`,
      at: here,
      label: `is ${uses.slice(0, -1).join(', ')} or ${uses.at(-1) ?? ''}`,
      related: placeLabels(state, place),
    }),
  );
}

function cannotStand(place: Place): string {
  const [kind] = place.allowed;
  if (kind !== undefined && isOptionKind(kind)) return `is no option of \`${calleeOf(kind)}\``;
  return place.kind === 'block'
    ? `can't stand in ${kindPhrase(kind ?? '')} block`
    : `can't give ${kindChoice(place.allowed)}`;
}

/** Reports that something gives another kind than its place takes; a word that is no kind is blamed first. */
export function mismatch(
  state: CheckState,
  here: Span,
  shown: string,
  actual: string,
  place: Place,
  actualWord: TypeWord | undefined,
  related: Related,
): void {
  if (clashWithPlace(state, place, here, actual, related)) return;
  if (actualWord !== undefined && state.unknownKinds.has(actualWord)) {
    clash(state, actualWord, [{ span: here, message: `${kindChoice(place.allowed)} is needed here` }]);
    return;
  }
  if (refuseOptions(state, place, here)) return;
  const [expected] = place.allowed;
  const bothOptions = expected !== undefined && isOptionKind(expected) && isOptionKind(actual);
  if (place.kind === 'block' && isOptionKind(actual) && !bothOptions) {
    report(
      state,
      diagnostic('HLB0311', {
        message: `${shown} is an option of \`${calleeOf(actual)}\`, and no statement of ${kindPhrase(expected ?? '')} block`,
        at: here,
        label: 'an option',
        related,
        helps: [`It belongs to a call of \`${calleeOf(actual)}\`, after \`with\`.`],
      }),
    );
    return;
  }
  report(
    state,
    diagnostic(bothOptions ? 'HLB0311' : place.kind === 'interpolation' ? 'HLB0316' : 'HLB0310', {
      message: bothOptions
        ? `${shown} is an option of \`${calleeOf(actual)}\`, not of \`${calleeOf(expected)}\``
        : sentence(shown, actual, place),
      at: here,
      label: bothOptions ? `\`${actual}\`` : kindPhrase(actual),
      related: [...placeLabels(state, place), ...related],
      helps: helpFor(actual, place),
    }),
  );
}

/** What is needed, where, and what is there instead. */
function sentence(shown: string, actual: string, place: Place): string {
  const needed = kindChoice(place.allowed);
  const is =
    shown === 'this' || shown === 'this block'
      ? `${shown} is ${kindPhrase(actual)}`
      : `${shown} gives ${kindPhrase(actual)}`;
  const [kind] = place.allowed;
  switch (place.kind) {
    case 'block':
      if (kind !== undefined && isOptionKind(kind)) return `${shown} is no option of \`${calleeOf(kind)}\``;
      return `each statement of ${place.name === undefined ? 'this block' : `\`${place.name}\``} must give ${needed}, but ${is}`;
    case 'argument':
      return `\`${place.callee}\` needs ${needed} for \`${place.param}\`, but ${is}`;
    case 'with':
      return `\`with\` needs options of \`${place.call.name}\`, but ${is}`;
    case 'interpolation':
      return `an interpolation needs ${needed}, but ${is}`;
    case 'import':
      return `an import needs a path (\`string\`) or a file system (\`fs\`), but ${is}`;
  }
}

function placeLabels(state: CheckState, place: Place): readonly { readonly span: Span; readonly message: string }[] {
  switch (place.kind) {
    case 'block': {
      if (place.options !== undefined) {
        return [{ span: at(state, place.options.call.callee.ident), message: 'the options are for this call' }];
      }
      const what = place.name === undefined ? 'the block' : `\`${place.name}\``;
      return [{ span: at(state, place.type), message: `${what} gives ${kindChoice(place.allowed)}` }];
    }
    case 'with':
      return [{ span: at(state, place.call.callee.ident), message: 'the options are for this call' }];
    case 'argument':
    case 'interpolation':
    case 'import':
      return [];
  }
}

function helpFor(actual: string, place: Place): readonly string[] {
  if (place.kind === 'argument' && place.allowed.length === 1 && place.allowed[0] === 'string' && actual === 'int') {
    return ['Write the number in quotes if it is meant as a text.'];
  }
  if (place.kind === 'interpolation' && actual === 'fs') {
    return [
      'A file system has no text. Use `localRun`, `manifest` or a function of kind `string` for what is only text.',
    ];
  }
  return [];
}

/** C13 on a call that takes no options: one report, at the first thing that is given as an option. */
function refuseOptions(state: CheckState, place: Place, here: Span): boolean {
  const options = place.kind === 'with' ? place : place.kind === 'block' ? place.options : undefined;
  if (options === undefined || options.takesOptions) return false;
  if (state.refusedWith.has(options.clause)) return true;
  state.refusedWith.add(options.clause);
  const name =
    options.call.member === undefined ? options.call.name : `${options.call.name}.${options.call.member.text}`;
  report(
    state,
    diagnostic('HLB0313', {
      message: `\`${name}\` takes no options`,
      at: here,
      label: 'an option',
      related: [{ span: at(state, options.call.callee), message: 'only builtins take options, and this one does not' }],
      helps: ['Pass what the function needs as an argument: a parameter may be of kind `option::run`, for example.'],
    }),
  );
  return true;
}

/** A mismatch with a kind that does not exist is a mistake of the type word. */
function clashWithPlace(
  state: CheckState,
  place: Place,
  here: Span,
  actual: string | undefined,
  related: Related,
): boolean {
  const word = place.kind === 'block' || place.kind === 'argument' ? place.type : undefined;
  if (word === undefined || !state.unknownKinds.has(word)) return false;
  clash(state, word, [{ span: here, message: actual === undefined ? '' : `gives ${kindPhrase(actual)}` }, ...related]);
  return true;
}

/** `run` of `option::run`. */
function calleeOf(kind: string): string {
  return kind.slice('option::'.length);
}
