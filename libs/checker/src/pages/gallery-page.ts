import { type Diagnostic, sourceFile } from '@hlb/diagnostics';
import { renderDiagnostic } from '@hlb/diagnostics/render';
import { parse } from '@hlb/parser';
import { check } from '../check/check.js';
import { argumentsMistakes } from './mistakes/arguments.js';
import { bindsMistakes } from './mistakes/binds.js';
import { charactersAndWordsMistakes } from './mistakes/characters-and-words.js';
import { circlesMistakes } from './mistakes/circles.js';
import { kindsAndOptionsMistakes } from './mistakes/kinds-and-options.js';
import { namesMistakes } from './mistakes/names.js';
import { syntaxMistakes } from './mistakes/syntax.js';
import { valuesMistakes } from './mistakes/values.js';
import type { Page } from './page.js';

/** A program with one mistake. */
export interface Mistake {
  readonly title: string;
  readonly program: string;
}

export interface GallerySection {
  readonly title: string;
  readonly mistakes: readonly Mistake[];
}

/** Mistakes that people make, by what they are about. */
export const gallery: readonly GallerySection[] = [
  charactersAndWordsMistakes,
  syntaxMistakes,
  namesMistakes,
  argumentsMistakes,
  kindsAndOptionsMistakes,
  bindsMistakes,
  valuesMistakes,
  circlesMistakes,
];

/** What is reported for a program, warnings of the linter aside. */
export function diagnosticsOf({ program }: Mistake): readonly Diagnostic[] {
  const { module, diagnostics } = parse(sourceFile('build.hlb', program));
  const checked = check(module, { syntax: diagnostics });
  return [...diagnostics, ...checked.diagnostics, ...checked.early];
}

/** `docs/errors.md`: each mistake with its message. */
export function galleryPage(): Page {
  const parts = [
    '# Mistakes and their messages',
    'What people write by mistake, and what the compiler says, in a terminal of 80 columns. Each code has a [page](diagnostics/index.md) of its own.',
  ];
  for (const { title, mistakes } of gallery) {
    parts.push(`## ${title}`);
    for (const mistake of mistakes) {
      const messages = diagnosticsOf(mistake).map((found) => renderDiagnostic(found));
      parts.push(
        `### ${mistake.title}`,
        `\`\`\`hlb\n${mistake.program}\`\`\``,
        `\`\`\`text\n${messages.join('\n')}\`\`\``,
      );
    }
  }
  return { path: 'errors.md', text: `${parts.join('\n\n')}\n` };
}
