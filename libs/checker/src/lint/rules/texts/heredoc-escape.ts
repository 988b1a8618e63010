import type { LintRule } from '../../rule.js';

export const heredocEscape: LintRule = {
  code: 'HLB0431',
  name: 'heredoc-escape',
  severity: 'warning',
  description: 'A backslash before `${…}` inside a word of a heredoc: it does not escape there, but stays in the text.',
  check({ index, file, at, report }) {
    for (const text of index.texts) {
      if (text.kind !== 'heredoc') continue;
      for (const part of text.fragments) {
        if (part.kind !== 'interpolation') continue;
        let first = part.start;
        while (first > text.opener.end && file.text[first - 1] === '\\') first--;
        if ((part.start - first) % 2 === 0) continue;
        report({
          message:
            'this backslash does not escape the `$`: in a heredoc, `\\$` is an escape only at the start of a word',
          at: at({ start: part.start - 1, end: part.end }),
          label: 'a backslash, then the value',
          helps: ['Put a blank before the backslash, or use a raw heredoc, in which nothing is replaced.'],
        });
      }
    }
  },
};
