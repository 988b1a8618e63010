import type { IrModule } from './module.js';
import { operandUses } from './operands.js';
import type { Op } from './ops.js';
import { requestOperands } from './requests.js';
import { type OpGroup, opRow } from './schema/op-table.js';
import { printOp } from './text/print.js';
import { quote } from './text/quote.js';

/** Code points of a label at most; the rest is cut. */
const labelLimit = 80;

interface GraphNode {
  readonly id: string;
  readonly label: string;
  readonly group: OpGroup | 'target';
}

interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Empty for the file system that an op changes. */
  readonly label: string;
  /** Whether a text flows along it. */
  readonly isText: boolean;
}

interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The module as a graph for Graphviz. */
export function moduleToDot(module: IrModule): string {
  const { nodes, edges } = graphOf(module);
  const lines = ['digraph ir {', '  rankdir=BT;', '  node [shape=box, fontname=monospace];'];
  for (const { id, label, group } of nodes) lines.push(`  ${id} [label=${dotText(label)}${dotStyles[group]}];`);
  for (const { from, to, label, isText } of edges) {
    const attributes = [...(label === '' ? [] : [`label=${dotText(label)}`]), ...(isText ? ['style=dashed'] : [])];
    lines.push(`  ${from} -> ${to}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`};`);
  }
  return `${[...lines, '}'].join('\n')}\n`;
}

/** The module as a flowchart for Mermaid. */
export function moduleToMermaid(module: IrModule): string {
  const { nodes, edges } = graphOf(module);
  const lines = ['flowchart BT'];
  for (const { id, label, group } of nodes) {
    const [open, close] = mermaidShapes[group];
    lines.push(`  ${id}${open}"${mermaidText(label)}"${close}`);
  }
  for (const { from, to, label, isText } of edges) {
    const arrow = isText ? '-.->' : '-->';
    lines.push(`  ${from} ${arrow}${label === '' ? '' : `|"${mermaidText(label)}"|`} ${to}`);
  }
  return `${lines.join('\n')}\n`;
}

const dotStyles: Readonly<Record<OpGroup | 'target', string>> = {
  source: ', style=filled, fillcolor=lightblue',
  change: '',
  setting: ', style=dotted',
  config: ', style=dotted',
  output: ', style=filled, fillcolor=lightyellow',
  string: ', shape=note',
  target: ', shape=doubleoctagon',
};

const mermaidShapes: Readonly<Record<OpGroup | 'target', readonly [string, string]>> = {
  source: ['([', '])'],
  change: ['[', ']'],
  setting: ['[', ']'],
  config: ['[', ']'],
  output: ['[/', '/]'],
  string: ['>', ']'],
  target: ['((', '))'],
};

function graphOf(module: IrModule): Graph {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  for (const [index, op] of module.ops.entries()) {
    const id = `op${index}`;
    nodes.push({ id, label: labelOf(op, index), group: opRow(op.kind)?.group ?? 'change' });
    for (const { id: operand, attribute, type } of operandUses(op)) {
      edges.push({
        from: `op${operand}`,
        to: id,
        label: attribute === 'input' ? '' : attribute === 'options' ? 'option' : attribute,
        isText: type === 'string',
      });
    }
  }
  for (const [index, { name, request }] of module.targets.entries()) {
    const id = `target${index}`;
    nodes.push({ id, label: `target ${quote(name)}`, group: 'target' });
    const texts = new Set(requestOperands(request, 'text'));
    for (const operand of requestOperands(request)) {
      edges.push({ from: `op${operand}`, to: id, label: '', isText: texts.has(operand) });
    }
  }
  return { nodes, edges };
}

function labelOf(op: Op, index: number): string {
  // Options break lines in a long op.
  const points = [...`%${index} = ${printOp(op)}`.replace(/\s*\n\s*/g, ' ')];
  return points.length <= labelLimit ? points.join('') : `${points.slice(0, labelLimit - 1).join('')}…`;
}

/** A quoted string of DOT: what stands for a backslash sequence there is doubled. */
function dotText(text: string): string {
  return `"${text.replace(/[\\"]/g, (character) => `\\${character}`)}"`;
}

/** Text inside of a quoted label of Mermaid, where entities are written with `#`. */
function mermaidText(text: string): string {
  return text.replace(/[#"&<>`\\]/g, (character) => `#${character.codePointAt(0)};`);
}
