import type { LintRule } from '../../rule.js';

export const unusedImport: LintRule = {
  code: 'HLB0412',
  name: 'unused-import',
  severity: 'warning',
  description: 'An import from which nothing is taken.',
  check({ checked, index, at, report }) {
    for (const { name, decl } of checked.imports) {
      if (name === '' || index.usedNames.has(name) || checked.symbols.get(name)?.kind !== 'import') continue;
      report({
        message: `nothing is taken from the import \`${name}\``,
        at: at(decl.name),
        label: 'never used',
        fixes: [{ title: 'Remove the import', edits: [{ span: at(decl), text: '' }] }],
      });
    }
  },
};
