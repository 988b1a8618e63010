import { unreachable } from '@hlb/diagnostics';
import type { Node } from '../ast.js';

/** Calls `f` for each child of a node, in order of place. Every walk over trees goes through here. */
export function forEachChild(node: Node, f: (child: Node) => void): void {
  switch (node.kind) {
    case 'module':
      for (const decl of node.decls) f(decl);
      return;
    case 'import':
      f(node.name);
      f(node.expr);
      return;
    case 'export':
      f(node.name);
      return;
    case 'func':
      f(node.type);
      f(node.name);
      f(node.params);
      if (node.effects !== undefined) f(node.effects);
      if (node.body !== undefined) f(node.body);
      return;
    case 'fields':
    case 'block':
    case 'bind-list':
    case 'args':
      for (const item of node.items) f(item);
      return;
    case 'field':
      f(node.type);
      f(node.name);
      return;
    case 'call-stmt':
      f(node.callee);
      for (const arg of node.args) f(arg);
      if (node.with !== undefined) f(node.with);
      if (node.bind !== undefined) f(node.bind);
      return;
    case 'expr-stmt':
    case 'with':
      f(node.expr);
      return;
    case 'bind':
      if (node.target !== undefined) f(node.target);
      return;
    case 'bind-item':
      f(node.effect);
      f(node.name);
      return;
    case 'func-lit':
      f(node.type);
      f(node.body);
      return;
    case 'string':
    case 'heredoc':
      for (const fragment of node.fragments) f(fragment);
      return;
    case 'interpolation':
      if (node.expr !== undefined) f(node.expr);
      return;
    case 'call':
      f(node.callee);
      if (node.args !== undefined) f(node.args);
      return;
    case 'ident-expr':
      f(node.ident);
      if (node.member !== undefined) f(node.member);
      return;
    case 'newline':
    case 'comment':
    case 'bad':
    case 'ident':
    case 'type':
    case 'int':
    case 'bool':
    case 'raw-string':
    case 'raw-heredoc':
    case 'text':
    case 'escape':
      return;
    default:
      unreachable(node);
  }
}

/** The children of a node, in order of place. */
export function children(node: Node): readonly Node[] {
  const all: Node[] = [];
  forEachChild(node, (child) => all.push(child));
  return all;
}

/** What is called on the way through a tree. */
export interface Visitor {
  /** Before a node's children. False: they are passed over, and `leave` is not called. */
  readonly enter?: (node: Node, ancestors: readonly Node[]) => boolean | undefined;
  /** After a node's children. */
  readonly leave?: (node: Node, ancestors: readonly Node[]) => void;
}

/** Goes through a node and all below it, without recursion. `ancestors` are the nodes above, outermost first; the array changes while walking. */
export function visit(root: Node, visitor: Visitor): void {
  const ancestors: Node[] = [];
  // What is to be entered, the next at the end; `undefined` where the innermost ancestor is left.
  const open: (Node | undefined)[] = [root];
  const push = (child: Node): void => {
    open.push(child);
  };
  while (open.length > 0) {
    const node = open.pop();
    if (node === undefined) {
      const left = ancestors.pop();
      if (left !== undefined) visitor.leave?.(left, ancestors);
    } else if (visitor.enter?.(node, ancestors) !== false) {
      ancestors.push(node);
      open.push(undefined);
      const first = open.length;
      forEachChild(node, push);
      reverseFrom(open, first);
    }
  }
}

/** Turns the order of an array's elements from `first` on. */
function reverseFrom<T>(array: T[], first: number): void {
  for (let low = first, high = array.length - 1; low < high; low++, high--) {
    const a = array[low];
    const b = array[high];
    if (a === undefined || b === undefined) return;
    array[low] = b;
    array[high] = a;
  }
}
