import { createColors } from 'picocolors';
import wrapAnsi from 'wrap-ansi';
import type { HelpBlock, HelpPage } from './page.js';

export interface PageLayout {
  /** Columns; lines of code are never broken. */
  readonly width: number;
  readonly color: boolean;
}

/** Pages are broken at this width at most: longer lines are hard to read. */
const WIDEST = 100;

/** A page as it is shown on a terminal. */
export function pageText(page: HelpPage, layout: PageLayout): string {
  const width = Math.max(20, Math.min(layout.width, WIDEST));
  const lines: string[] = [];
  for (const [index, block] of page.blocks.entries()) {
    const before = page.blocks[index - 1];
    if (before !== undefined && !(before.kind === 'item' && block.kind === 'item')) lines.push('');
    lines.push(...blockLines(block, width, layout.color));
  }
  return `${lines.join('\n')}\n`;
}

function blockLines(block: HelpBlock, width: number, color: boolean): readonly string[] {
  const { bold } = createColors(color);
  switch (block.kind) {
    case 'heading':
      return wrapped(bold(block.text), width, 0);
    case 'text':
      return wrapped(marked(block.text, color), width, 0);
    case 'item': {
      const indent = 2 + block.depth * 2;
      const [first = '', ...rest] = wrapped(marked(block.text, color), width, indent);
      return [`${' '.repeat(indent - 2)}- ${first.slice(indent)}`, ...rest];
    }
    case 'code':
      return block.text.split('\n').map((line) => (line === '' ? '' : `    ${line.replaceAll('\t', '    ')}`));
    case 'table':
      return block.rows.flatMap(([name = '', ...cells]) => [
        ...wrapped(marked(name, color), width, 2),
        ...wrapped(marked(cells.filter((cell) => cell !== '').join('; '), color), width, 6),
      ]);
  }
}

function wrapped(text: string, width: number, indent: number): readonly string[] {
  if (text === '') return [];
  const lines = wrapAnsi(text, width - indent, { hard: true }).split('\n');
  return lines.map((line) => ' '.repeat(indent) + line);
}

/** Code in colour where there is colour; its backticks stay where there is none. */
function marked(text: string, color: boolean): string {
  if (!color) return text;
  const { cyan } = createColors(true);
  return text.replace(/`([^`]+)`/g, (_, code: string) => cyan(code));
}
