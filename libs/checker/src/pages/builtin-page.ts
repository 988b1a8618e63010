import { type Builtin, builtinSignature } from '../builtins/builtin.js';
import { builtinNames, builtins, builtinsNamed, builtinsOfKind } from '../builtins/table.js';
import { isOptionKind } from '../kind.js';
import { builtinExamples } from './builtin-examples.js';
import type { Page } from './page.js';

/** The pages of the builtins: one for each name, and the index. Paths are relative to `docs/language/builtins`. */
export function builtinPages(): readonly Page[] {
  return [indexPage(), ...builtinNames().map((name) => ({ path: `${name}.md`, text: builtinPage(name) }))];
}

/** The page of one name, with all of its overloads. */
export function builtinPage(name: string): string {
  const rows = builtinsNamed(name);
  const parts = [`# \`${name}\``, ...rows.map((row) => overload(row, rows.length > 1))];
  const example = Object.hasOwn(builtinExamples, name) ? builtinExamples[name] : undefined;
  if (example !== undefined) parts.push(`## Example\n\n\`\`\`hlb\n${example}\`\`\``);
  parts.push('[All builtins](index.md)');
  return `${parts.join('\n\n')}\n`;
}

function overload(row: Builtin, isOneOfSeveral: boolean): string {
  const parts: string[] = [];
  if (isOneOfSeveral) parts.push(`## ${standing(row, false)}`);
  parts.push(`\`\`\`hlb\n${builtinSignature(row)}\n\`\`\``);
  parts.push(row.doc);
  if (!isOneOfSeveral) parts.push(`${standing(row, true)}.`);
  if (row.effects.length > 0) {
    const effects = row.effects.map((effect) => `\`${effect.name}\` (\`${effect.type}\`)`).join(', ');
    parts.push(`Results that \`as\` binds: ${effects}.`);
  }
  if (row.options !== undefined) {
    const names = builtinsOfKind(row.options).map((option) => link(option.name));
    parts.push(`Options: ${names.join(', ')}.`);
  }
  return parts.join('\n\n');
}

/** Where a builtin can stand. */
function standing(row: Builtin, isSentence: boolean): string {
  const text = isOptionKind(row.kind)
    ? `option of ${link(row.kind.slice('option::'.length))}`
    : `${row.kind === 'pipeline' ? 'pipeline' : `\`${row.kind}\``} builtin`;
  return isSentence
    ? `It is ${isOptionKind(row.kind) ? 'an' : row.kind === 'fs' ? 'an' : 'a'} ${text}`
    : sentence(text);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function link(name: string): string {
  return `[\`${name}\`](${name}.md)`;
}

function indexPage(): Page {
  const parts = [
    '# Builtins',
    'What every program can call. A name may have several overloads; the kind that is needed where a call stands picks one of them.',
  ];
  const kinds: readonly (readonly [string, string])[] = [
    ['fs', 'File systems'],
    ['string', 'Texts'],
    ['pipeline', 'Pipelines'],
  ];
  for (const [kind, title] of kinds) parts.push(`## ${title}`, table(builtins.filter((row) => row.kind === kind)));
  const callees = builtins.flatMap((row) => (row.options === undefined ? [] : [{ row, options: row.options }]));
  for (const { row, options } of callees) parts.push(`## Options of \`${row.name}\``, table(builtinsOfKind(options)));
  return { path: 'index.md', text: `${parts.join('\n\n')}\n` };
}

function table(rows: readonly Builtin[]): string {
  const lines = rows.map((row) => {
    const params = row.params.map((param) => `${param.variadic ? '…' : ''}${param.name}`).join(', ');
    return `| ${link(row.name)} | ${params === '' ? '' : `\`${params}\``} | ${firstSentence(row.doc)} |`;
  });
  return ['| name | parameters | |', '|---|---|---|', ...lines].join('\n');
}

function firstSentence(doc: string): string {
  return /^.*?[.:](?=\s|$)/.exec(doc)?.[0].replace(/:$/, '.') ?? doc;
}
