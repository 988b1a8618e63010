import type { SourceFile } from '@hlb/diagnostics';

/** Columns of a file whose text isn't known: more than any line has. */
export const unknownColumns: number = 2 ** 20;

const unread = new WeakSet<SourceFile>();

/** A file of which only the name is known: it has every line and column, and no text. */
export function unreadFile(name: string): SourceFile {
  let lines = 1;
  const file: SourceFile = {
    name,
    text: '',
    lineStarts: () => Array.from({ length: lines }, (_, line) => line * unknownColumns),
    position(offset) {
      const line = Math.floor(offset / unknownColumns) + 1;
      lines = Math.max(lines, line);
      return { line, column: (offset % unknownColumns) + 1 };
    },
  };
  unread.add(file);
  return file;
}

/** Whether only the name of a file is known: its text is empty, and no place of it is in that. */
export function isUnread(file: SourceFile): boolean {
  return unread.has(file);
}
