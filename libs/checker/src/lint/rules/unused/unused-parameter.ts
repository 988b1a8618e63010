import type { LintRule } from '../../rule.js';

/** A function without a body only declares its parameters, and a leading `_` says that one is not meant to be used. */
export const unusedParameter: LintRule = {
  code: 'HLB0411',
  name: 'unused-parameter',
  severity: 'info',
  description: 'A parameter that its function never reads.',
  check({ index, at, report }) {
    for (const { name, decl, params } of index.functions) {
      if (decl.body === undefined) continue;
      for (const param of params) {
        if (param.name === '' || param.name.startsWith('_') || index.usedParams.has(param)) continue;
        report({
          message: `\`${name}\` never uses its parameter \`${param.name}\``,
          at: at(param.field.name),
          label: 'never read',
          helps: [`Remove it, or call it \`_${param.name}\` if callers have to pass it all the same.`],
        });
      }
    }
  },
};
