import type { LintRule } from '../../rule.js';

export const decimalMode: LintRule = {
  code: 'HLB0424',
  name: 'decimal-mode',
  severity: 'warning',
  description: 'Permission bits that look octal and are written as a decimal number.',
  check({ index, at, report }) {
    for (const { resolution, args } of index.calls) {
      if (resolution?.kind !== 'builtin') continue;
      for (const [place, parameter] of resolution.builtin.params.entries()) {
        const arg = args[place];
        if (parameter.name !== 'filemode' || arg?.kind !== 'int' || arg.base !== 10) continue;
        const digits = String(arg.value);
        if (!/^[0-7]{3,4}$/.test(digits)) continue;
        report({
          message: `\`${digits}\` is a decimal number, and means the permissions \`0o${arg.value.toString(8)}\``,
          at: at(arg),
          label: `did you mean \`0o${digits}\`?`,
          fixes: [{ title: `Write \`0o${digits}\``, edits: [{ span: at(arg), text: `0o${digits}` }] }],
        });
      }
    }
  },
};
