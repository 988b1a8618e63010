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
  if (diagnostics.length > 0) await write(io.stderr, `${await drawn(io, diagnostics, options)}\n`);
}

/** What `report` would write, without the newline at its end. */
export async function drawn(io: Io, diagnostics: readonly Diagnostic[], options: ReportOptions): Promise<string> {
  const { renderDiagnostic } = await import('@hlb/diagnostics/render');
  const texts = diagnostics.map((diagnostic) =>
    renderDiagnostic(diagnostic, {
      color: wantsColor(io.stderr, options.color, io.env),
      width: widthOf(io.stderr),
      backtrace: options.backtrace === true,
    }).trimEnd(),
  );
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const warnings = diagnostics.filter((diagnostic) => diagnostic.severity === 'warning').length;
  const parts = [
    ...(errors === 0 ? [] : [counted(errors, 'error')]),
    ...(warnings === 0 ? [] : [counted(warnings, 'warning')]),
  ];
  return `${texts.join('\n\n')}${errors + warnings > 1 ? `\n\n${parts.join(', ')}` : ''}`;
}

/** Writes diagnostics as the one JSON document of `--json`. */
export async function reportJson(io: Io, diagnostics: readonly Diagnostic[]): Promise<void> {
  await write(io.stdout, `${JSON.stringify(diagnosticsToJson(diagnostics))}\n`);
}

/** Whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
