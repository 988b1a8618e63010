import { type Diagnostic, type SourceFile, sourceFile } from '@hlb/diagnostics';
import { parse, print } from '@hlb/parser';

/** A text after fixing. */
export interface FixedText {
  readonly text: string;
  /** What was mended. */
  readonly applied: readonly Diagnostic[];
  /** What has a safe fix that could not be applied, because it overlaps with another or would break the program. */
  readonly skipped: readonly Diagnostic[];
}

/**
 * Applies the first safe fix of each diagnostic, all at once. Of fixes that overlap the earlier one wins. If the result did not
 * parse where the text did, nothing is applied.
 */
export function applyFixes(file: SourceFile, found: readonly Diagnostic[]): FixedText {
  const applied: Diagnostic[] = [];
  const skipped: Diagnostic[] = [];
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  for (const one of found) {
    const fix = one.fixes.find((candidate) => candidate.isSafe === true);
    if (fix === undefined) continue;
    const own = fix.edits.map(({ span, text }) => ({ start: span.start, end: span.end, text }));
    const foreign = fix.edits.some(({ span }) => span.file !== file);
    if (foreign || own.some((edit) => edits.some((other) => overlaps(edit, other)))) skipped.push(one);
    else {
      edits.push(...own);
      applied.push(one);
    }
  }
  edits.sort((a, b) => a.start - b.start || a.end - b.end);
  let text = '';
  let at = 0;
  for (const edit of edits) {
    text += file.text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  text += file.text.slice(at);
  if (applied.length > 0 && breaks(file, text))
    return { text: file.text, applied: [], skipped: [...applied, ...skipped] };
  return { text, applied, skipped };
}

/** What `lint --fix` writes: the text with its fixes, formatted. A text without a fix, or one that does not parse, is left alone. */
export function fixedAndFormatted(file: SourceFile, found: readonly Diagnostic[]): FixedText {
  const fixed = applyFixes(file, found);
  if (fixed.applied.length === 0) return fixed;
  const { module, diagnostics } = parse(sourceFile(file.name, fixed.text));
  return diagnostics.length === 0 ? { ...fixed, text: print(module) } : fixed;
}

function overlaps(
  a: { readonly start: number; readonly end: number },
  b: { readonly start: number; readonly end: number },
): boolean {
  // Two insertions at one place have no order.
  return a.start === b.start || (a.start < b.end && b.start < a.end);
}

function breaks(file: SourceFile, text: string): boolean {
  return parse(sourceFile(file.name, text)).diagnostics.length > parse(file).diagnostics.length;
}
