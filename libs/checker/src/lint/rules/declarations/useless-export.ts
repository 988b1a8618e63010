import { builtinsNamed } from '../../../builtins/table.js';
import type { LintRule } from '../../rule.js';

export const uselessExport: LintRule = {
  code: 'HLB0415',
  name: 'useless-export',
  severity: 'warning',
  description: 'An export of a builtin or of an import, which others could not use.',
  check({ checked, at, report }) {
    for (const decl of checked.module.decls) {
      if (decl.kind !== 'export') continue;
      const name = decl.name.text;
      const isImport = checked.symbols.get(name)?.kind === 'import';
      if (!isImport && builtinsNamed(name).length === 0) continue;
      report({
        message: isImport
          ? `\`${name}\` is an import, which is of no use to other modules`
          : `\`${name}\` is a builtin, which every module has`,
        at: at(decl.name),
        label: 'the export has no effect',
        fixes: [{ title: 'Remove the export', edits: [{ span: at(decl), text: '' }] }],
      });
    }
  },
};
