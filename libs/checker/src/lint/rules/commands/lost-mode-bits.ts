import type { LintRule } from '../../rule.js';

/** Of these only the lowest nine bits are used; `copy` and sockets take the number as it is. */
const NINE_BITS = ['mkdir', 'mkfile', 'chmod'];
const ALL_BITS = 0o777n;

export const lostModeBits: LintRule = {
  code: 'HLB0425',
  name: 'lost-mode-bits',
  severity: 'warning',
  description: 'Permission bits beyond `0o777`, which are not set.',
  check({ index, at, report }) {
    for (const { resolution, args } of index.callsOf(...NINE_BITS)) {
      if (resolution?.kind !== 'builtin' || resolution.builtin.kind === 'option::copy') continue;
      const { name, params } = resolution.builtin;
      const arg = args[params.findIndex((parameter) => parameter.name === 'filemode')];
      if (arg?.kind !== 'int' || arg.value <= ALL_BITS) continue;
      // A decimal number that looks octal is a mistake of its own.
      if (arg.base === 10 && /^[0-7]{3,4}$/.test(String(arg.value))) continue;
      const written = `0o${arg.value.toString(8)}`;
      report({
        message: `\`${name}\` sets only the lowest nine bits of \`${written}\`: \`0o${(arg.value & ALL_BITS).toString(8)}\``,
        at: at(arg),
        label: 'has more bits',
        helps: ['Set the others with `chmod` in a command.'],
      });
    }
  },
};
