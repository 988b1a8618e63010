import type { ImportSymbol } from '@hlb/checker';
import { type Diagnostic, type DiagnosticInit, diagnostic, type SourceFile, type Span, span } from '@hlb/diagnostics';
import type { ModuleBuildError } from './engine.js';

/** Where an import stands, for what is said of it. */
export interface ImportPlace {
  readonly file: SourceFile;
  readonly symbol: ImportSymbol;
}

function expressionOf({ file, symbol }: ImportPlace): Span {
  return span(file, symbol.decl.expr.start, symbol.decl.expr.end);
}

function nameOf({ file, symbol }: ImportPlace): Span {
  return span(file, symbol.decl.name.start, symbol.decl.name.end);
}

export function unreadable(place: ImportPlace, path: string, reason: string): Diagnostic {
  return diagnostic('HLB0701', {
    message: `the module ${place.symbol.name} can't be read: ${JSON.stringify(path)}: ${reason}`,
    at: expressionOf(place),
  });
}

export function noLocation(place: ImportPlace, text: string, reason: string, help: string): Diagnostic {
  return diagnostic('HLB0702', {
    message: `${JSON.stringify(text)} is no place of a module: ${reason}`,
    at: expressionOf(place),
    helps: [help],
  });
}

export function unbuildable(
  place: ImportPlace,
  reason: string,
  more: Pick<DiagnosticInit, 'related' | 'notes'> = {},
): Diagnostic {
  return diagnostic('HLB0704', {
    message: `the module ${place.symbol.name} can't be built: ${reason}`,
    at: nameOf(place),
    ...more,
  });
}

export function notHere(place: ImportPlace): Diagnostic {
  const { file, symbol } = place;
  return diagnostic('HLB0706', {
    message: `the module ${symbol.name} has to be built or fetched, and there is no copy of it here`,
    at: nameOf(place),
    helps: [`\`hlb module vendor --target ${symbol.name} ${file.name}\` keeps a copy, with the help of an engine.`],
  });
}

export function notChecked(place: ImportPlace, reason: string): Diagnostic {
  return diagnostic('HLB0707', {
    severity: 'info',
    message: `what is taken from the module ${place.symbol.name} was not checked: ${reason}`,
    at: nameOf(place),
    label: 'left out',
  });
}

/** Modules in a circle: `steps` are the imports of it, in order, the last of which closes it. */
export function cycle(steps: readonly ImportPlace[]): Diagnostic {
  const [first] = steps;
  const last = steps.at(-1);
  const names = [...steps.map(({ file }) => file.name), ...(first === undefined ? [] : [first.file.name])];
  const shown = names.length > 12 ? [...names.slice(0, 6), '…', ...names.slice(-5)] : names;
  return diagnostic('HLB0703', {
    message:
      steps.length === 1
        ? `the module ${shown[0]} imports itself`
        : `modules import each other in a circle: ${shown.join(' → ')}`,
    ...(last === undefined ? {} : { at: expressionOf(last), label: 'this import closes the circle' }),
    related: steps
      .slice(0, -1)
      .slice(0, 8)
      .map((step) => ({ span: expressionOf(step), message: 'imported here' })),
    helps: ['Move what they both need to a module of its own.'],
  });
}

/** A module that the engine could not build, with the place of the program that it names. */
export function unbuiltModule(place: ImportPlace, error: ModuleBuildError, files: readonly SourceFile[]): Diagnostic {
  const related = error.details.places.flatMap(({ file: name, start, end }) => {
    const file = files.find((candidate) => candidate.name === name);
    if (file === undefined) return [];
    return [{ span: span(file, offsetOf(file, start), offsetOf(file, end)), message: 'this failed' }];
  });
  return unbuildable(place, error.message, {
    related: related.slice(0, 1),
    notes: error.details.help === undefined ? [] : [error.details.help],
  });
}

/** LLB counts columns in code points. */
function offsetOf(file: SourceFile, { line, column }: { readonly line: number; readonly column: number }): number {
  const start = file.lineStarts()[line - 1];
  if (start === undefined) return file.text.length;
  let offset = start;
  for (let at = 1; at < column && offset < file.text.length; at += 1) {
    offset += (file.text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}
