import type { LintRule } from '../../rule.js';

export const heredocTrailingBlanks: LintRule = {
  code: 'HLB0432',
  name: 'heredoc-trailing-blanks',
  severity: 'warning',
  description: 'A heredoc whose delimiter is indented with blanks: a newline, and the blanks, end up in the text.',
  check({ index, file, at, report }) {
    for (const text of index.texts) {
      if (text.kind === 'string' || text.form === 'fold') continue;
      const body = file.text.slice(text.opener.end, text.closer.start);
      const indent = body.slice(body.lastIndexOf('\n') + 1);
      if (indent.length === body.length || !/^[\t ]*$/.test(indent) || !indent.includes(' ')) continue;
      if (body.trim() === '') continue;
      const span = at({ start: text.closer.start - indent.length, end: text.closer.start });
      report({
        message:
          text.form === 'literal'
            ? 'the text ends with a newline and these blanks; if the delimiter were indented with tabs, it would not'
            : 'the text ends with a newline, since the delimiter is indented with blanks; with tabs, it would not',
        at: span,
        label: 'part of the text',
        fixes: [{ title: 'Indent the delimiter with tabs', edits: [{ span, text: '\t' }] }],
      });
    }
  },
};
