import type { Decl, Field, FieldList, FuncDecl, ImportDecl, Module } from '../ast.js';
import { printList } from './list.js';
import type { Writer } from './writer.js';

/** One empty line between declarations; between a comment and what follows it, one or none, as in the source. */
export function printModule(w: Writer, module: Module): void {
  let previous: 'nothing' | 'comment' | 'declaration' = 'nothing';
  // Since the last thing printed.
  let newlines = 0;
  for (const decl of module.decls) {
    if (decl.kind === 'newline') {
      newlines++;
      continue;
    }
    const comment = decl.kind === 'comment';
    if (previous === 'declaration') w.write(comment && newlines === 0 ? ' ' : '\n\n');
    else if (previous === 'comment') w.write(newlines > 1 ? '\n\n' : '\n');
    printDecl(w, decl);
    previous = comment ? 'comment' : 'declaration';
    newlines = 0;
  }
  w.write('\n');
}

function printDecl(w: Writer, decl: Exclude<Decl, { kind: 'newline' }>): void {
  switch (decl.kind) {
    case 'comment':
    case 'bad':
      w.write(decl.text);
      return;
    case 'export':
      w.write(`export ${decl.name.text}`);
      return;
    case 'import':
      printImport(w, decl);
      return;
    case 'func':
      printFunc(w, decl);
      return;
  }
}

function printImport(w: Writer, decl: ImportDecl): void {
  w.write(`import ${decl.name.text} ${decl.from === undefined ? '' : 'from '}`);
  w.rules.expr(w, decl.expr);
}

function printFunc(w: Writer, decl: FuncDecl): void {
  w.write(`${decl.type.text} ${decl.name.text}`);
  printFields(w, decl.params);
  if (decl.effects !== undefined) {
    w.write(' binds ');
    printFields(w, decl.effects);
  }
  if (decl.body === undefined) return;
  w.write(' ');
  w.rules.block(w, decl.body);
}

function printFields(w: Writer, fields: FieldList): void {
  printList(w, fields.items, printField);
}

function printField(w: Writer, field: Field): void {
  w.write(`${field.variadic === undefined ? '' : 'variadic '}${field.type.text} ${field.name.text}`);
}
