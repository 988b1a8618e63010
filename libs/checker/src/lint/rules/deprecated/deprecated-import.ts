import type { LintRule } from '../../rule.js';

/** L1: `import name "path"`. */
export const deprecatedImport: LintRule = {
  code: 'HLB0401',
  name: 'deprecated-import',
  severity: 'warning',
  description: 'An import in its old form, without `from`.',
  check({ checked, at, report }) {
    for (const { decl } of checked.imports) {
      if (decl.from !== undefined) continue;
      const { start } = decl.expr;
      report({
        message: 'this form of `import` is deprecated: write `from` before the path',
        at: at(decl.expr),
        label: '`from` is missing before it',
        fixes: [{ title: 'Insert `from`', isSafe: true, edits: [{ span: at({ start, end: start }), text: 'from ' }] }],
      });
    }
  },
};
