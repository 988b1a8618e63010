import type { Node } from '../ast.js';

type Fields = { readonly [K in Node['kind']]: readonly Exclude<keyof Extract<Node, { kind: K }>, keyof Node>[] };

/** What nodes of each kind hold beside their kind and range, in order; without what repeats something else of it. */
const fields: Fields = {
  module: ['file', 'decls'],
  import: ['name', 'from', 'expr'],
  export: ['name'],
  func: ['type', 'name', 'params', 'effects', 'body'],
  fields: ['items'],
  field: ['variadic', 'type', 'name'],
  block: ['items'],
  'call-stmt': ['callee', 'args', 'with', 'bind', 'semicolon'],
  'expr-stmt': ['expr', 'semicolon'],
  with: ['keyword', 'expr'],
  bind: ['keyword', 'target'],
  'bind-list': ['items'],
  'bind-item': ['effect', 'name'],
  'func-lit': ['type', 'body'],
  int: ['base', 'value'],
  bool: ['value'],
  string: ['fragments'],
  'raw-string': ['text'],
  heredoc: ['form', 'delimiter', 'opener', 'fragments', 'closer'],
  'raw-heredoc': ['form', 'delimiter', 'opener', 'text', 'closer'],
  interpolation: ['expr'],
  call: ['callee', 'args'],
  args: ['items'],
  'ident-expr': ['ident', 'member'],
  ident: ['text'],
  type: ['text'],
  text: ['text'],
  escape: ['text'],
  comment: ['text'],
  bad: ['text'],
  newline: [],
};

/** What a node holds: kind, range, and what else there is for nodes of its kind, by name. */
export function entriesOf(node: Node): [name: string, value: unknown][] {
  const names: readonly string[] = ['kind', 'start', 'end', ...fields[node.kind]];
  return names.map((name) => [name, Reflect.get(node, name)]);
}
