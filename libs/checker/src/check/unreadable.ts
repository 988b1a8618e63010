import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import { type Block, type Module, type NodeRange, visit } from '@hlb/parser';

/**
 * Whether something may be said of its place: not of lines and statements that were not understood, since it would only be the same
 * mistake again. Statements in the blocks that such a statement holds are still looked at.
 */
export function readableIn(module: Module, syntax: readonly Diagnostic[]): (found: Diagnostic) => boolean {
  if (syntax.length === 0) return () => true;
  const { file } = module;
  const places = syntax.flatMap((found) => found.labels.map(({ span }) => span.start));
  const lines = new Set(places.map((place) => lineOf(file, place)));
  const statements = new Statements(module);
  const broken = new Set(places.map((place) => statements.around(place)));
  broken.delete(undefined);
  const openers = syntax
    .filter((found) => found.code === 'HLB0204')
    .flatMap((found) => found.labels.map(({ span }) => span.start));
  const outside = openers.length === 0 ? [] : rangesBehindBlocks(module, new Set(openers));
  return (found) => {
    const place = found.labels[0]?.span.start ?? 0;
    return (
      !lines.has(lineOf(file, place)) &&
      !broken.has(statements.around(place)) &&
      !outside.some(({ start, end }) => place >= start && place < end)
    );
  };
}

function lineOf(file: SourceFile, offset: number): number {
  return file.position(offset).line;
}

/** The calls that are statements of a module, in order of place, each with the one around it. */
class Statements {
  readonly #all: { readonly range: NodeRange; readonly outer: number }[] = [];

  constructor(module: Module) {
    const open: number[] = [];
    visit(module, {
      enter: (node) => {
        if (node.kind === 'call-stmt') open.push(this.#all.push({ range: node, outer: open.at(-1) ?? -1 }) - 1);
        return true;
      },
      leave: (node) => {
        if (node.kind === 'call-stmt') open.pop();
      },
    });
  }

  /** The innermost statement that an offset is in. */
  around(offset: number): NodeRange | undefined {
    let low = 0;
    let high = this.#all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#all[middle]?.range.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    let found = this.#all[low - 1];
    while (found !== undefined && found.range.end <= offset) found = this.#all[found.outer];
    return found?.range;
  }
}

/**
 * What stands behind the statements that a block without its `}` was meant to hold: from the first line that is indented no more than
 * the line of its `{`, to where it was taken to end.
 */
function rangesBehindBlocks(module: Module, openers: ReadonlySet<number>): readonly NodeRange[] {
  const { file } = module;
  const ranges: NodeRange[] = [];
  visit(module, {
    enter(node) {
      if (node.kind === 'block' && openers.has(node.start)) {
        const indent = indentOf(file, node.start);
        const first = statementsOf(node).find(
          ({ start }) => startsLine(file.text, start) && indentOf(file, start) <= indent,
        );
        if (first !== undefined) ranges.push({ start: first.start, end: node.end });
      }
      return true;
    },
  });
  return ranges;
}

function statementsOf(block: Block): readonly NodeRange[] {
  return block.items.filter((item) => item.kind === 'call-stmt' || item.kind === 'expr-stmt');
}

/** How many blanks the line of an offset starts with. */
function indentOf(file: SourceFile, offset: number): number {
  const line = file.lineStarts()[file.position(offset).line - 1] ?? 0;
  let at = line;
  while (file.text[at] === ' ' || file.text[at] === '\t') at++;
  return at - line;
}

function startsLine(text: string, offset: number): boolean {
  let at = offset - 1;
  while (text[at] === ' ' || text[at] === '\t') at--;
  return at === -1 || text[at] === '\n';
}
