import { type Diagnostic, diagnostic, nearest, type Span, span } from '@hlb/diagnostics';
import { builtinsNamed } from '../builtins/table.js';
import type { CheckedModule, ModuleInterface } from '../checked.js';
import { type Kind, kindOfWord } from '../kind.js';
import { checkArguments, type MemberTarget } from './calls/arguments.js';
import { checkWith, openWalk } from './calls/calls.js';
import { mismatch } from './calls/mismatch.js';
import { argumentPlace } from './calls/place.js';
import { finishWalk } from './calls/walk.js';
import { stateOf } from './check.js';
import { wordOf } from './declare/declare.js';
import { at, type CheckState, type MemberSite, type Parameter, report } from './state.js';

type Exported = ReturnType<ModuleInterface['exports']['get']>;

/**
 * Checks what a module takes from its imports, as far as they are known (R1 to R5), and completes `checked`: arguments of
 * imported calls are resolved by the kinds of their parameters. Imports may become known one after the other; each place is
 * checked once.
 * @param interfaces of imports, by their names in this module
 */
export function checkReferences(
  checked: CheckedModule,
  interfaces: ReadonlyMap<string, ModuleInterface>,
): readonly Diagnostic[] {
  const state = stateOf(checked);
  if (state === undefined) return [];
  const before = state.diagnostics.length;
  const waiting: MemberSite[] = [];
  state.recording = false;
  // Arguments may hold imported calls too: those are added to the list while it is walked.
  for (const site of state.members) {
    const known = interfaces.get(site.import.name);
    if (known === undefined) waiting.push(site);
    else checkSite(state, site, known);
  }
  state.recording = true;
  state.members.splice(0, state.members.length, ...waiting);
  return state.diagnostics.splice(before).filter(state.isReadable);
}

/** What importers may see of a checked module. */
export function interfaceOf(checked: CheckedModule): ModuleInterface {
  const exports = new Map<string, NonNullable<Exported>>();
  for (const symbol of checked.symbols.values()) {
    if (symbol.exported && symbol.kind !== 'import') exports.set(symbol.name, symbol);
  }
  return { file: checked.file, exports, names: checked.symbols };
}

function checkSite(state: CheckState, site: MemberSite, known: ModuleInterface): void {
  const { member } = site.call;
  if (member === undefined || member.text === '') return;
  const symbol = known.exports.get(member.text);
  if (symbol === undefined) {
    report(state, notExported(state, site, known, member.text));
    return;
  }
  const func = symbol.kind === 'alias' ? symbol.closure : symbol;
  const name = symbol.kind === 'alias' ? symbol.ident : symbol.decl.name;
  const target: MemberTarget = {
    kind: 'member',
    declared: span(known.file, name.start, name.end),
    imported: at(state, site.import.decl.name),
  };
  const word = symbol.kind === 'alias' ? symbol.type : wordOf(symbol.decl.type.text);
  const kind: Kind | undefined = kindOfWord(word);
  if (kind !== undefined) state.memberKinds.set(site.call.number, kind);
  if (site.place !== undefined && !site.place.allowed.includes(word)) {
    mismatch(state, at(state, member), `\`${site.import.name}.${member.text}\``, word, site.place, undefined, [
      { span: at(state, site.call.callee.ident), message: '' },
      { span: target.imported, message: 'imported here' },
      { span: target.declared, message: 'declared here' },
    ]);
  }
  const walk = openWalk(state, site.scope);
  const params: Parameter[] = func.params.map((param) => {
    const type = param.field.type;
    const needed = wordOf(type.text);
    const place = argumentPlace(member.text, param.name, needed, param.variadic, type);
    return { word: needed, param, owner: undefined, place };
  });
  checkArguments(walk, site.call, site.args, params, site.stmt, false, target, site.place);
  if (site.stmt?.with !== undefined) {
    checkWith(walk, site.call, site.stmt.with, state.resolutions.get(site.call));
  }
  finishWalk(walk);
}

/** R1, R2: a name that the module lacks, or keeps to itself. */
function notExported(state: CheckState, site: MemberSite, known: ModuleInterface, name: string): Diagnostic {
  const module = site.import.name;
  const here = at(state, site.call.member ?? site.call.callee);
  const imported = { span: at(state, site.import.decl.name), message: 'imported here' };
  const hidden = known.names.get(name);
  if (hidden !== undefined) {
    const declared = nameSpan(known, name);
    return diagnostic('HLB0326', {
      message: `\`${module}\` does not export \`${name}\``,
      at: here,
      label: 'only visible in its own module',
      related: [imported, ...(declared === undefined ? [] : [{ span: declared, message: 'declared here' }])],
      helps:
        hidden.kind === 'import'
          ? ['An import is not visible through another module: import it here too.']
          : [`Add \`export ${name}\` to \`${known.file.name}\` if it is meant for others.`],
    });
  }
  if (builtinsNamed(name).length > 0) {
    return diagnostic('HLB0326', {
      message: `\`${name}\` is a builtin, and not taken from a module`,
      at: here,
      label: 'not a name of this module',
      related: [imported],
      helps: [`Write \`${name}\` without \`${module}.\`.`],
      fixes: [
        {
          title: `Write \`${name}\``,
          edits: [{ span: at(state, site.call.callee), text: name }],
        },
      ],
    });
  }
  const meant = nearest(name, known.exports.keys()) ?? nearest(name, known.names.keys());
  const declared = meant === undefined ? undefined : nameSpan(known, meant);
  return diagnostic('HLB0324', {
    message: `\`${module}\` has no \`${name}\``,
    at: here,
    label: meant === undefined ? `no such name in \`${known.file.name}\`` : `did you mean \`${meant}\`?`,
    related: [
      imported,
      ...(declared === undefined ? [] : [{ span: declared, message: `\`${meant}\` is declared here` }]),
    ],
    notes: meant === undefined ? [exportsNote(known)] : [],
    fixes: meant === undefined ? [] : [{ title: `Write \`${meant}\``, edits: [{ span: here, text: meant }] }],
  });
}

function exportsNote(known: ModuleInterface): string {
  const names = [...known.exports.keys()];
  if (names.length === 0) return 'The module exports nothing.';
  const shown = names.slice(0, 8).map((n) => `\`${n}\``);
  return `The module exports ${shown.join(', ')}${names.length > shown.length ? ' and more' : ''}.`;
}

function nameSpan(known: ModuleInterface, name: string): Span | undefined {
  const symbol = known.names.get(name);
  if (symbol === undefined) return undefined;
  const ident = symbol.kind === 'alias' ? symbol.ident : symbol.decl.name;
  return span(known.file, ident.start, ident.end);
}
