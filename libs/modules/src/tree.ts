import type { ModuleNode } from './load.js';

export interface PrintTreeOptions {
  /** Whole digests, instead of their first seven digits. */
  readonly long?: boolean;
}

/** A program and its imports, and theirs, each as often as it is imported. */
export function printTree(root: ModuleNode, options: PrintTreeOptions = {}): string {
  const lines = [root.file.name];
  const write = (node: ModuleNode, indent: string): void => {
    const last = [...node.imports.keys()].at(-1);
    for (const [name, inner] of node.imports) {
      lines.push(`${indent}${name === last ? '└──' : '├──'} [${name}]  ${nameOf(inner, options)}`);
      write(inner, `${indent}${name === last ? '   ' : '│  '} `);
    }
  };
  write(root, '');
  return `${lines.join('\n')}\n`;
}

function nameOf({ file, path, digest }: ModuleNode, { long = false }: PrintTreeOptions): string {
  if (digest === undefined) return file.name;
  const colon = digest.indexOf(':');
  return `${long ? digest : digest.slice(0, colon + 8)}/${path}`;
}
