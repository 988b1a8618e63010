import type { Diagnostic } from './diagnostic.js';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/**
 * Diagnostics as commands of GitHub's runners, which show them at their lines: a line each, a newline after each.
 * @param pathOf what a file is called in the repository, by its name; GitHub knows only paths relative to the repository's root
 */
export function diagnosticsToGithub(
  found: readonly Diagnostic[],
  pathOf: (name: string) => string = (name) => name,
): string {
  return found.map((one) => annotation(one, pathOf)).join('');
}

function annotation(found: Diagnostic, pathOf: (name: string) => string): string {
  const properties: [string, string][] = [];
  const label = found.labels.find((one) => one.primary);
  if (label !== undefined) {
    const { file, start, end } = label.span;
    const from = file.position(start);
    const to = file.position(end);
    properties.push(['file', pathOf(file.name)], ['line', String(from.line)], ['endLine', String(to.line)]);
    // Runners take columns only for places within one line.
    if (from.line === to.line) properties.push(['col', String(from.column)], ['endColumn', String(to.column)]);
  }
  properties.push(['title', found.code]);
  const list = properties.map(([key, value]) => `${key}=${escapeProperty(value)}`).join(',');
  const text = [found.message, label?.message ?? '', ...found.notes, ...found.helps].filter((line) => line !== '');
  return `::${COMMANDS[found.severity]} ${list}::${escapeData(text.join('\n'))}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
