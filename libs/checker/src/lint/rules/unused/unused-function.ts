import type { LintRule } from '../../rule.js';

/** Any function may be built by its name, so only those that a leading `_` marks as private can be unused. */
export const unusedFunction: LintRule = {
  code: 'HLB0410',
  name: 'unused-function',
  severity: 'warning',
  description: 'A function whose name begins with `_`, and which nothing in its module uses.',
  check({ index, at, report }) {
    for (const { name, decl, exported } of index.functions) {
      if (!name.startsWith('_') || exported || index.usedNames.has(name)) continue;
      report({
        message: `nothing uses the function \`${name}\``,
        at: at(decl.name),
        label: 'never called, not exported',
        helps: ['Remove it, or give it a name without `_` if it is meant to be built by name.'],
      });
    }
  },
};
