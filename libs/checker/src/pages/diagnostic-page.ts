import { type DiagnosticRow, diagnosticRows, sourceFile } from '@hlb/diagnostics';
import { renderDiagnostic } from '@hlb/diagnostics/render';
import { parse } from '@hlb/parser';
import { check } from '../check/check.js';
import { lint } from '../lint/lint.js';
import { lintRules } from '../lint/rules.js';
import type { Page } from './page.js';

/** Where codes come from, by the two digits after `HLB`. */
const AREAS: readonly (readonly [string, string])[] = [
  ['01', 'Characters and words'],
  ['02', 'Syntax'],
  ['03', 'Names, kinds and binds'],
  ['04', 'Lint'],
  ['05', 'Compiling a program'],
  ['06', 'Passes and plugins'],
  ['07', 'Modules and imports'],
  ['08', 'Running a build'],
  ['09', 'Command line and configuration'],
];

/** The pages of the diagnostics: one for each code, and the index. Paths are relative to `docs/diagnostics`. */
export function diagnosticPages(): readonly Page[] {
  return [indexPage(), ...diagnosticRows.map((row) => ({ path: `${row.code}.md`, text: diagnosticPage(row) }))];
}

/** The page of one code. */
export function diagnosticPage(row: DiagnosticRow): string {
  const parts = [`# ${row.code}: ${row.title}`, row.explanation];
  const rule = lintRules.find((one) => one.code === row.code);
  if (rule !== undefined) {
    const standing =
      rule.severity === 'off' ? 'It is off by default' : `By default it is ${severityPhrase(rule.severity)}`;
    parts.push(
      `${standing}. \`{"rules": {"${rule.name}": "error"}}\` in the configuration changes that, and \`# hlb-lint-disable-next-line ${row.code}\` turns it off for a line.`,
    );
  }
  if (row.wrong !== undefined) {
    parts.push('## Wrong', fence('hlb', row.wrong));
    const message = messageFor(row, row.wrong);
    if (message !== undefined) parts.push(fence('text', message));
  }
  if (row.right !== undefined) parts.push('## Right', fence('hlb', row.right));
  parts.push('[All diagnostics](index.md)');
  return `${parts.join('\n\n')}\n`;
}

function severityPhrase(severity: string): string {
  return severity === 'info' ? 'a hint' : severity === 'error' ? 'an error' : `a ${severity}`;
}

/** What is reported for a program, as a terminal of 80 columns shows it; `undefined` for codes of later stages. */
function messageFor(row: Pick<DiagnosticRow, 'code'>, text: string): string | undefined {
  const { module, diagnostics } = parse(sourceFile('build.hlb', text));
  const checked = check(module, { syntax: diagnostics });
  const rules = row.code.startsWith('HLB04') ? { [row.code]: severityOf(row.code) } : {};
  const all = [...diagnostics, ...checked.diagnostics, ...checked.early, ...lint(checked, { rules })];
  const found = all.find((one) => one.code === row.code);
  return found === undefined ? undefined : renderDiagnostic(found);
}

/** A rule that is off shows as a warning on its page. */
function severityOf(code: string): 'info' | 'warning' | 'error' {
  const severity = lintRules.find((rule) => rule.code === code)?.severity ?? 'warning';
  return severity === 'off' ? 'warning' : severity;
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\`\`\``;
}

function indexPage(): Page {
  const parts = [
    '# Diagnostics',
    'Every message of the compiler has a code that stays the same from version to version. Its page says what it means and what to do.',
  ];
  for (const [area, title] of AREAS) {
    const rows = diagnosticRows.filter((row) => row.code.startsWith(`HLB${area}`));
    if (rows.length === 0) continue;
    const lines = rows.map((row) => `| [${row.code}](${row.code}.md) | ${row.title} |`);
    parts.push(`## ${title}`, ['| code | |', '|---|---|', ...lines].join('\n'));
  }
  return { path: 'index.md', text: `${parts.join('\n\n')}\n` };
}
