import type { LintRule } from '../../rule.js';

/** A bound name can also be built, so this is a hint, unless a leading `_` marks the name as private. */
export const unusedBind: LintRule = {
  code: 'HLB0413',
  name: 'unused-bind',
  severity: 'info',
  description: 'A name bound by `as` that nothing in its module uses or exports.',
  check({ checked, index, at, report }) {
    for (const symbol of checked.symbols.values()) {
      if (symbol.kind !== 'alias' || symbol.exported || index.usedNames.has(symbol.name)) continue;
      report({
        message: `nothing uses the name \`${symbol.name}\``,
        at: at(symbol.ident),
        label: 'bound, never used',
        helps: ['Remove the `as`, unless the name is built from the command line.'],
      });
    }
  },
};
