import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import type { Comment } from '@hlb/parser';

/** A comment that turns rules off. */
export interface Suppression {
  readonly comment: Comment;
  readonly scope: 'next-line' | 'file';
  /** Codes or names of rules, as written. */
  readonly rules: readonly string[];
}

/** What the comments of a file turn off. */
export interface Suppressions {
  readonly all: readonly Suppression[];
  readonly suppresses: (found: Diagnostic) => boolean;
}

const FORM = /^#\s*hlb-lint-disable-(next-line|file)(?:\s+(.*))?$/;

/** `# hlb-lint-disable-next-line CODE[, CODE]` and `# hlb-lint-disable-file CODE[, CODE]`; words after `--` are for readers. */
export function readSuppressions(
  file: SourceFile,
  comments: readonly Comment[],
  nameOf: (code: string) => string | undefined = () => undefined,
): Suppressions {
  const all = comments.flatMap((comment) => {
    const parts = FORM.exec(comment.text.trimEnd());
    if (parts === null) return [];
    const rules = (parts[2] ?? '').replace(/(?:^|\s)--.*$/, '').split(/[\s,]+/);
    const scope = parts[1] === 'file' ? 'file' : 'next-line';
    return [{ comment, scope, rules: rules.filter((rule) => rule !== '') } as const];
  });
  const forFile = new Set(all.flatMap((one) => (one.scope === 'file' ? one.rules : [])));
  const forLine = new Map<number, Set<string>>();
  for (const one of all) {
    if (one.scope === 'file') continue;
    const line = file.position(one.comment.start).line + 1;
    const rules = forLine.get(line) ?? new Set();
    for (const rule of one.rules) rules.add(rule);
    forLine.set(line, rules);
  }
  const names = (rules: ReadonlySet<string> | undefined, code: string): boolean => {
    if (rules === undefined) return false;
    const name = nameOf(code);
    return rules.has(code) || (name !== undefined && rules.has(name));
  };
  return {
    all,
    suppresses(found) {
      const start = found.labels[0]?.span.start;
      if (names(forFile, found.code)) return true;
      return start !== undefined && names(forLine.get(file.position(start).line), found.code);
    },
  };
}
