import type { LintRule } from '../../rule.js';

/** Parameters with names of builtins are common (`user`, `dir`, `target`) and do no harm; those with names of the module do. */
export const shadowedName: LintRule = {
  code: 'HLB0414',
  name: 'shadowed-name',
  severity: 'warning',
  description: 'A parameter with the name of something that the module declares.',
  check({ checked, index, at, report }) {
    for (const { name, params } of index.functions) {
      for (const param of params) {
        const other = checked.symbols.get(param.name);
        if (other === undefined) continue;
        const declared = other.kind === 'alias' ? other.ident : other.decl.name;
        report({
          message: `in \`${name}\`, the parameter \`${param.name}\` hides the ${NOUNS[other.kind]} of that name`,
          at: at(param.field.name),
          label: 'hides the other',
          related: [{ span: at(declared), message: 'declared here' }],
        });
      }
    }
  },
};

const NOUNS = { function: 'function', import: 'import', alias: 'bound result' } as const;
