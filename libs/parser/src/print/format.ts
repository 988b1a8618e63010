import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import { parse } from '../parse/parse.js';
import { print } from './print.js';

/** A file's formatted text, or why it was left alone. */
export type FormatResult = { readonly text: string } | { readonly diagnostics: readonly Diagnostic[] };

/** Formats a file. One with lexical or syntax errors is left alone: what its author meant is not known. */
export function format(file: SourceFile): FormatResult {
  const { module, diagnostics } = parse(file);
  return diagnostics.length > 0 ? { diagnostics } : { text: print(module) };
}
