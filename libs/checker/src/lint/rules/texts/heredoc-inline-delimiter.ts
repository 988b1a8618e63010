import type { LintRule } from '../../rule.js';

/** A heredoc ends wherever its delimiter stands as a word, also in the middle of a line. */
export const heredocInlineDelimiter: LintRule = {
  code: 'HLB0430',
  name: 'heredoc-inline-delimiter',
  severity: 'warning',
  description: 'A heredoc that ends in the middle of a line, where its delimiter stands as a word of the text.',
  check({ index, file, at, report }) {
    for (const text of index.texts) {
      if (text.kind === 'string' || text.closer.start === text.closer.end) continue;
      let before = text.closer.start - 1;
      while (before >= text.opener.end && /[^\S\n]/.test(file.text.charAt(before))) before--;
      if (before < text.opener.end || file.text[before] === '\n') continue;
      report({
        message: `the heredoc ends here, in the middle of a line, since \`${text.delimiter}\` ends it wherever it stands as a word`,
        at: at(text.closer),
        label: 'the end of the text',
        related: [{ span: at(text.opener), message: 'begins here' }],
        helps: ['Put the delimiter on a line of its own, or choose a word that the text does not have.'],
      });
    }
  },
};
