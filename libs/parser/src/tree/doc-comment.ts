import type { Comment, Decl, Module } from '../ast.js';

/** The doc comments of a module's declarations: for each, the comments on the lines directly above it. */
export function docComments(module: Module): ReadonlyMap<Decl, readonly Comment[]> {
  const docs = new Map<Decl, readonly Comment[]>();
  let group: Comment[] = [];
  // How many newlines stand behind what was seen last; a file's start counts as an empty line.
  let newlines = 2;
  for (const decl of module.decls) {
    if (decl.kind === 'newline') {
      newlines++;
      if (newlines > 1) group = [];
      continue;
    }
    if (decl.kind === 'comment') {
      // A comment on the line of something else is about that.
      if (newlines > 0) group.push(decl);
    } else {
      if (newlines > 0 && group.length > 0) docs.set(decl, group);
      group = [];
    }
    newlines = 0;
  }
  return docs;
}

/** The comments on the lines directly above a declaration. For many declarations ask `docComments` once. */
export function docComment(module: Module, decl: Decl): readonly Comment[] {
  return docComments(module).get(decl) ?? [];
}

/** What comments say: without `#` and one blank behind it, a line each. */
export function commentText(comments: readonly Comment[]): string {
  return comments.map((comment) => comment.text.replace(/^# ?/, '').trimEnd()).join('\n');
}
