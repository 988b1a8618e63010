import type { Field, FieldList, FuncDecl, Ident, Module } from '@hlb/parser';
import type { Builtin } from '../../builtins/builtin.js';
import { builtinSpan } from '../../builtins/declarations.js';
import { builtinNames, builtinsNamed } from '../../builtins/table.js';
import type { ImportSymbol, Param } from '../../checked.js';
import { kindOfWord } from '../../kind.js';
import { CallMap } from '../call-map.js';
import { argumentPlace } from '../calls/place.js';
import { nameTaken, nameTwice } from '../messages/names.js';
import {
  at,
  type BuiltinEntry,
  type CheckState,
  type Entry,
  type FunctionEntry,
  type ImportEntry,
  type Overload,
  type ParamEntry,
  report,
} from '../state.js';

const builtinEntries: readonly BuiltinEntry[] = builtinNames().map((name) => ({
  kind: 'builtin',
  name,
  overloads: builtinsNamed(name).map(overloadOf),
}));

function overloadOf(builtin: Builtin): Overload {
  return {
    builtin,
    resolution: { kind: 'builtin', builtin },
    parameters: builtin.params.map((param) => ({
      word: param.type,
      param,
      owner: undefined,
      place: argumentPlace(builtin.name, param.name, param.type, param.variadic, undefined),
    })),
    judged: judgedCalls(builtin),
  };
}

function judgedCalls(builtin: Builtin): Overload['judged'] {
  if (builtin.params.some((param) => param.format !== undefined)) return 'always';
  if (builtin.name === 'run' || builtin.name === 'merge') return 'without arguments';
  return builtin.name === 'mount' ? 'bound' : 'never';
}

/** Makes the state of a check, with the builtins in scope. */
export function openState(module: Module): CheckState {
  const state: CheckState = {
    module,
    file: module.file,
    diagnostics: [],
    early: [],
    entries: new Map(),
    functions: [],
    imports: [],
    units: [],
    resolutions: new CallMap(),
    placeKinds: new Map(),
    breakpointKinds: new Map(),
    aliases: new Map(),
    members: [],
    memberKinds: new Map(),
    sites: [],
    unknownKinds: new Map(),
    uselessWith: [],
    refusedWith: new Set(),
    lostNames: lostNames(module),
    isReadable: () => true,
    reporting: true,
    recording: true,
    countsMatter: true,
  };
  for (const entry of builtinEntries) state.entries.set(entry.name, entry);
  return state;
}

/** Names that were taken when they were declared, with all places of the module that declare them. */
export type Occurrences = Map<string, Ident[]>;

/** Enters functions and imports, and collects where each name is declared. */
export function declareNames(state: CheckState, occurrences: Occurrences): void {
  const exported = exportedNames(state.module);
  for (const decl of state.module.decls) {
    if (decl.kind === 'func') {
      const entry = functionEntry(decl, exported.has(decl.name.text));
      state.functions.push(entry);
      state.units.push(entry);
      enter(state, entry.name, decl.name, occurrences, entry);
    } else if (decl.kind === 'import') {
      const name = decl.name.text;
      const symbol: ImportSymbol = { kind: 'import', name, decl, exported: exported.has(name) };
      const entry: ImportEntry = { kind: 'import', name, symbol, edges: [] };
      state.imports.push(entry);
      state.units.push(entry);
      enter(state, name, decl.name, occurrences, entry);
    }
  }
}

/** Enters one name; of several with the same name the first stays, and a builtin stays before all. */
export function enter(
  state: CheckState,
  name: string,
  ident: Ident,
  occurrences: Occurrences,
  entry: Exclude<Entry, BuiltinEntry>,
): void {
  if (name === '') return;
  const before = state.entries.get(name);
  if (before === undefined) {
    state.entries.set(name, entry);
    return;
  }
  const places = occurrences.get(name);
  if (places !== undefined) places.push(ident);
  else occurrences.set(name, [...identOf(before), ident]);
}

function identOf(entry: Entry): readonly Ident[] {
  switch (entry.kind) {
    case 'function':
    case 'import':
      return [entry.symbol.decl.name];
    case 'alias':
      return [entry.symbol.ident];
    case 'broken':
      return [entry.ident];
    case 'builtin':
      return [];
  }
}

export function exportedNames(module: Module): ReadonlySet<string> {
  const names = new Set<string>();
  for (const decl of module.decls) if (decl.kind === 'export') names.add(decl.name.text);
  return names;
}

/** S1: a name that is declared twice, or that a builtin has. */
export function reportDuplicates(state: CheckState, occurrences: Occurrences): void {
  for (const [name, idents] of occurrences) {
    const places = idents.map((ident) => at(state, ident)).sort((a, b) => a.start - b.start);
    const [first, ...others] = places;
    const row = builtinsNamed(name)[0];
    if (row !== undefined) {
      report(state, nameTaken(name, builtinSpan(row), places));
      const [ident] = idents;
      // Nobody knows which of the two a call means.
      if (ident !== undefined) state.entries.set(name, { kind: 'broken', name, ident });
    } else if (first !== undefined && others.length > 0) report(state, nameTwice('name', name, first, others));
  }
}

/** C3, C4: parameters or effects of one function with the same name. */
export function reportDuplicateFields(state: CheckState, list: FieldList, what: 'parameter' | 'effect'): void {
  const fields = list.items.filter((item) => item.kind === 'field');
  if (fields.length < 2) return;
  const seen = new Map<string, Field[]>();
  for (const field of fields) {
    const before = seen.get(field.name.text);
    if (before === undefined) seen.set(field.name.text, [field]);
    else before.push(field);
  }
  for (const [name, [first, ...others]] of seen) {
    if (first === undefined || others.length === 0 || name === '') continue;
    const places = others.map((field) => at(state, field.name));
    report(state, nameTwice(what, name, at(state, first.name), places));
  }
}

/** The fields of a list, without what stands between them. */
function fieldsOf(list: FieldList | undefined): readonly Field[] {
  return list === undefined || list.items.length === 0 ? NONE : list.items.filter((item) => item.kind === 'field');
}
const NONE: readonly never[] = [];

function functionEntry(decl: FuncDecl, exported: boolean): FunctionEntry {
  const fields = fieldsOf(decl.params);
  const params: readonly Param[] = fields.map((field, index) => ({
    name: field.name.text,
    type: kindOfWord(field.type.text),
    variadic: index === fields.length - 1 && field.variadic !== undefined,
    field,
  }));
  const name = decl.name.text;
  const symbol = { kind: 'function', name, decl, type: kindOfWord(decl.type.text), params, exported } as const;
  const entry: FunctionEntry & { params: readonly ParamEntry[] } = {
    kind: 'function',
    name,
    symbol,
    word: wordOf(decl.type.text),
    resolution: { kind: 'function', symbol },
    params: NONE,
    effects: decl.effects === undefined ? NONE : fieldsOf(decl.effects).map((field) => field.name.text),
    edges: [],
  };
  entry.params = params.map((param, index) => paramEntry(entry, param, index));
  return entry;
}

function paramEntry(owner: FunctionEntry, param: Param, index: number): ParamEntry {
  const word = param.type ?? param.field.type.text;
  return {
    kind: 'param',
    param,
    resolution: { kind: 'param', param, index },
    word,
    owner,
    place: argumentPlace(owner.name, param.name, word, param.variadic, param.field.type),
    isRead: false,
    uses: undefined,
  };
}

/** A type word as the checker compares it. */
export function wordOf(text: string): string {
  return kindOfWord(text) ?? text;
}

/** The words of declarations that the parser gave up on. */
function lostNames(module: Module): ReadonlySet<string> {
  const names = new Set<string>();
  for (const decl of module.decls) {
    if (decl.kind === 'bad') for (const [word] of decl.text.matchAll(/[\w:]+/g)) names.add(word);
  }
  return names;
}
