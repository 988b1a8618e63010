import { forEachChild, type Module, type Node, stringValue } from '@hlb/parser';

/**
 * What a tree means, as lines that can be compared: kinds, texts and nesting of all nodes, without places and trivia. Options without
 * content are left out, since they say nothing and aren't printed; of a heredoc's body, its value is given.
 */
export function treeShape(module: Module): string[] {
  const lines: string[] = [];
  const write = (node: Node, depth: number): void => {
    if (node.kind === 'newline' || node.kind === 'comment') return;
    if (node.kind === 'with' && isEmptyOption(node)) return;
    lines.push(`${' '.repeat(depth)}${node.kind} ${ownText(node)}`);
    forEachChild(node, (child) => {
      // The formatter writes the tabs before a heredoc's delimiter; of its body the value counts.
      if (node.kind !== 'heredoc' || child.kind === 'interpolation') write(child, depth + 1);
    });
  };
  write(module, 0);
  return lines;
}

/** The comments of a tree, in order. */
export function treeComments(module: Module): string[] {
  const found: string[] = [];
  const walk = (node: Node): void => {
    if (node.kind === 'comment') found.push(node.text);
    forEachChild(node, walk);
  };
  walk(module);
  return found;
}

function isEmptyOption(node: Extract<Node, { kind: 'with' }>): boolean {
  const expr = node.expr;
  return (
    expr.kind === 'func-lit' &&
    (expr.type.text === 'option' || expr.type.text.startsWith('option::')) &&
    expr.body.items.every((item) => item.kind === 'newline')
  );
}

function ownText(node: Node): string {
  switch (node.kind) {
    case 'text':
    case 'ident':
    case 'type':
    case 'bad':
    case 'escape':
    case 'raw-string':
      return JSON.stringify(node.text);
    case 'int':
      return `${node.value} ${node.base}`;
    case 'bool':
      return String(node.value);
    case 'heredoc':
      return `${node.form} ${node.delimiter} ${JSON.stringify(stringValue(node, () => '\0'))}`;
    case 'raw-heredoc':
      return `${node.form} ${node.delimiter} ${JSON.stringify(node.text)}`;
    case 'field':
      return String(node.variadic !== undefined);
    case 'import':
      return String(node.from !== undefined);
    default:
      return '';
  }
}
