import { type Diagnostic, type DiagnosticInit, diagnostic, type Span, span } from '@hlb/diagnostics';
import type { Ident, IdentExpr } from '@hlb/parser';
import { builtinSpan } from '../../builtins/declarations.js';
import { builtinsNamed } from '../../builtins/table.js';
import type { Place } from '../calls/place.js';
import { suggestName } from '../calls/suggest.js';
import { at, type CheckState, type Found, type ParamEntry, type Scope } from '../state.js';

/** A name that nothing declares. */
export function unknownName(state: CheckState, scope: Scope, ident: Ident, place: Place | undefined): Diagnostic {
  const name = ident.text;
  const here = at(state, ident);
  const number = /^0[0-7]+$/.test(name) ? `0o${name.replace(/^0+(?=.)/, '')}` : undefined;
  if (number !== undefined) {
    return diagnostic('HLB0301', {
      message: `\`${name}\` is no number`,
      at: here,
      label: 'octal numbers start with `0o`',
      helps: [`Write \`${number}\`.`],
      fixes: [{ title: `Write \`${number}\``, edits: [{ span: here, text: number }] }],
    });
  }
  const meant = suggestName(state, scope.params, name, place);
  if (meant === undefined) {
    return diagnostic('HLB0301', {
      message: `\`${name}\` is not defined`,
      at: here,
      label: 'nothing has this name',
      ...quotes(name, here, place),
    });
  }
  const definition = definitionOf(state, scope.params, meant);
  const rows = definition === undefined ? builtinsNamed(meant) : [];
  const row = rows.find((r) => place === undefined || place.allowed.includes(r.kind)) ?? rows[0];
  return diagnostic('HLB0301', {
    message: `\`${name}\` is not defined`,
    at: here,
    label: `did you mean \`${meant}\`?`,
    related:
      definition !== undefined
        ? [{ span: definition, message: `\`${meant}\` is declared here` }]
        : row !== undefined
          ? [{ span: builtinSpan(row), message: 'builtin' }]
          : [],
    fixes: [{ title: `Write \`${meant}\``, edits: [{ span: here, text: meant }] }],
  });
}

/** A word where a text is needed may be one without its quotes. */
function quotes(name: string, here: Span, place: Place | undefined): Pick<DiagnosticInit, 'helps' | 'fixes'> {
  if (place?.kind !== 'argument' || place.allowed.length !== 1 || place.allowed[0] !== 'string') return {};
  return {
    helps: [`If it is meant as a text, write it in quotes: \`"${name}"\`.`],
    fixes: [{ title: 'Put it in quotes', edits: [{ span: here, text: `"${name}"` }] }],
  };
}

/** Where the program declares a name; `undefined` for builtins. */
function definitionOf(state: CheckState, params: readonly ParamEntry[], name: string): Span | undefined {
  const param = params.find((p) => p.param.name === name);
  const entry = param ?? state.entries.get(name);
  return entry === undefined ? undefined : definition(state, entry);
}

/** Where the program declares what a lookup found. */
export function definition(state: CheckState, entry: Found): Span | undefined {
  switch (entry.kind) {
    case 'param':
      return at(state, entry.param.field.name);
    case 'function':
    case 'import':
      return at(state, entry.symbol.decl.name);
    case 'alias':
      return at(state, entry.symbol.ident);
    case 'builtin':
    case 'broken':
    case 'effect':
      return undefined;
  }
}

/** S1, C3, C4: one name, several declarations. */
export function nameTwice(
  what: 'name' | 'parameter' | 'effect',
  name: string,
  first: Span,
  others: readonly Span[],
): Diagnostic {
  const [second, ...rest] = others;
  const times = others.length === 1 ? 'twice' : `${others.length + 1} times`;
  return diagnostic(what === 'name' ? 'HLB0302' : 'HLB0304', {
    message: what === 'name' ? `\`${name}\` is declared ${times}` : `the ${what} \`${name}\` is declared ${times}`,
    ...(second === undefined ? {} : { at: second }),
    label: 'declared again here',
    related: [
      { span: first, message: 'first declared here' },
      ...rest.map((other) => ({ span: other, message: 'and here' })),
    ],
    helps:
      what === 'name'
        ? ['Functions, imports and names bound by `as` share one table: give one of them another name.']
        : [],
  });
}

/** S1: a declaration with a builtin's name. */
export function nameTaken(name: string, builtin: Span, places: readonly Span[]): Diagnostic {
  const [first, ...rest] = places;
  return diagnostic('HLB0303', {
    message: `\`${name}\` is the name of a builtin`,
    ...(first === undefined ? {} : { at: first }),
    label: 'needs another name',
    related: [...rest.map((other) => ({ span: other, message: 'and here' })), { span: builtin, message: 'builtin' }],
  });
}

/** C2: `export` of a name that the module does not have. */
export function unknownExport(state: CheckState, ident: Ident): Diagnostic {
  const meant = suggestName(state, [], ident.text, undefined);
  const definition = meant === undefined ? undefined : definitionOf(state, [], meant);
  const here = at(state, ident);
  if (meant === undefined || definition === undefined) {
    return diagnostic('HLB0317', {
      message: `this module has no \`${ident.text}\` to export`,
      at: here,
      label: 'nothing has this name',
    });
  }
  return diagnostic('HLB0317', {
    message: `this module has no \`${ident.text}\` to export`,
    at: here,
    label: `did you mean \`${meant}\`?`,
    related: [{ span: definition, message: `\`${meant}\` is declared here` }],
    fixes: [{ title: `Write \`${meant}\``, edits: [{ span: here, text: meant }] }],
  });
}

/** C10: an import where a value is expected. */
export function importCalled(here: Span, name: string, declared: Span): Diagnostic {
  return diagnostic('HLB0314', {
    message: `\`${name}\` is an import, not a value`,
    at: here,
    label: `name what you want from it: \`${name}.…\``,
    related: [{ span: declared, message: 'imported here' }],
  });
}

/** C6: `x.y` where `x` is no import. */
export function notAnImport(state: CheckState, callee: IdentExpr, entry: Found): Diagnostic {
  const { ident, member } = callee;
  const declared = definition(state, entry);
  const what = {
    builtin: 'a builtin',
    function: 'a function',
    alias: 'a name bound by `as`',
    param: 'a parameter',
    effect: 'an effect',
    import: 'an import',
    broken: 'a name',
  }[entry.kind];
  return diagnostic('HLB0315', {
    message: `\`${ident.text}\` is ${what}, not an import, so nothing can be taken from it with a dot`,
    at: span(state.file, ident.end, member?.end ?? ident.end),
    label: `\`${ident.text}\` has no names inside`,
    related: declared === undefined ? [] : [{ span: declared, message: `\`${ident.text}\` is declared here` }],
  });
}

/** A name of the function's own `binds` clause, used as a value. */
export function effectWithoutValue(here: Span, name: string): Diagnostic {
  return diagnostic('HLB0325', {
    message: `\`${name}\` is only named in \`binds\` and has no value`,
    at: here,
    label: 'nothing gives it a value',
    helps: ['Bind a result of a builtin with `as`, or remove the `binds` clause.'],
  });
}

/** A variadic parameter where one value is needed. */
export function listUsedAsOne(here: Span, name: string, declared: Span): Diagnostic {
  return diagnostic('HLB0319', {
    message: `\`${name}\` is a list, since it is declared \`variadic\`, but one value is needed here`,
    at: here,
    label: 'a list of any length',
    related: [{ span: declared, message: 'declared here' }],
    helps: ['A list can be passed on to a variadic parameter, such as the arguments of `run`.'],
  });
}
