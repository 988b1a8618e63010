import { type Diagnostic, diagnosticsToJson } from '@hlb/diagnostics';
import { type ColorChoice, type Io, wantsColor, widthOf, write } from './io.js';
import { counted } from './views/units.js';

/** How diagnostics are shown on standard error. */
export interface ReportOptions {
  readonly color: ColorChoice;
  /** Show all calls that led to a place. */
  readonly backtrace?: boolean;
}

/** Draws diagnostics on standard error, and says how many there are where it is more than one. */
export async function report(io: Io, diagnostics: readonly Diagnostic[], options: ReportOptions): Promise<void> {
  if (diagnostics.length === 0) return;
  const { renderDiagnostic } = await import('@hlb/diagnostics/render');
  const drawn = diagnostics.map((diagnostic) =>
    renderDiagnostic(diagnostic, {
      color: wantsColor(io.stderr, options.color, io.env),
      width: widthOf(io.stderr),
      backtrace: options.backtrace === true,
    }),
  );
  await write(io.stderr, `${drawn.map((text) => text.trimEnd()).join('\n\n')}\n`);
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const warnings = diagnostics.filter((diagnostic) => diagnostic.severity === 'warning').length;
  const parts = [
    ...(errors === 0 ? [] : [counted(errors, 'error')]),
    ...(warnings === 0 ? [] : [counted(warnings, 'warning')]),
  ];
  if (errors + warnings > 1) await write(io.stderr, `\n${parts.join(', ')}\n`);
}

/** Writes diagnostics as the one JSON document of `--json`. */
export async function reportJson(io: Io, diagnostics: readonly Diagnostic[]): Promise<void> {
  await write(io.stdout, `${JSON.stringify(diagnosticsToJson(diagnostics))}\n`);
}

/** Whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
