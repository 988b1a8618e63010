import { type Diagnostic, diagnosticsToJson } from '@hlb/diagnostics';
import { annotations } from './annotations.js';
import { type ColorChoice, type Io, wantsColor, widthOf, write } from './process/io.js';
import { harmless, onGithubActions } from './views/plain/actions-commands.js';
import { counted } from './views/units.js';

/** How diagnostics are shown on standard error. */
export interface ReportOptions {
  readonly color: ColorChoice;
  /** Show all calls that led to a place. */
  readonly backtrace?: boolean;
}

/** Codes that are named together at the end at most. */
const NAMED_CODES = 5;

/**
 * Draws diagnostics on standard error, says how many there are where it is more than one, and which pages explain them; on GitHub
 * Actions they are annotations of the workflow's run, too.
 */
export async function report(io: Io, diagnostics: readonly Diagnostic[], options: ReportOptions): Promise<void> {
  if (diagnostics.length === 0) return;
  await tell(io, diagnostics, `${await drawn(io, diagnostics, options)}\n${pages(diagnostics)}`);
}

/** Draws why steps of a build failed, as `report` does. What a command said of itself explains it better than a page. */
export async function reportFailures(io: Io, failures: readonly Diagnostic[], options: ReportOptions): Promise<void> {
  if (failures.length === 0) return;
  await tell(io, failures, `${await drawn(io, failures, options)}\n`);
}

async function tell(io: Io, diagnostics: readonly Diagnostic[], text: string): Promise<void> {
  const shown = onGithubActions(io.env) ? `${harmless(text)}${await annotations(io, diagnostics)}` : text;
  await write(io.stderr, shown);
}

/** What `report` would draw, without the newline at its end. */
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

/** Which pages of the help explain diagnostics: a line. */
function pages(diagnostics: readonly Diagnostic[]): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))];
  const [first, ...others] = codes;
  if (first === undefined) return '';
  const together = diagnostics.filter(({ severity }) => severity !== 'info').length > 1;
  const gap = together ? '' : '\n';
  if (others.length === 0) return `${gap}hlb help ${first} explains ${diagnostics.length === 1 ? 'this' : 'these'}\n`;
  const named = others.slice(0, NAMED_CODES - 1).join(', ');
  return `${gap}hlb help ${first} explains the first; likewise ${named}${codes.length > NAMED_CODES ? ', …' : ''}\n`;
}

/** Writes diagnostics as the one JSON document of `--json`. */
export async function reportJson(io: Io, diagnostics: readonly Diagnostic[]): Promise<void> {
  await write(io.stdout, `${JSON.stringify(diagnosticsToJson(diagnostics))}\n`);
}

/** Whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
