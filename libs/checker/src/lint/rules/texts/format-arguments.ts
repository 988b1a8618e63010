import { constantText } from '../../../values/constant-text.js';
import type { isBuiltinCall } from '../../module-index.js';
import type { LintRule } from '../../rule.js';

/** Verbs that print a text. Others print a complaint of Go's. */
const TEXT_VERBS = new Set(['s', 'v', 'q', 'x', 'X', 'T']);
const VERB = /%[-+# 0]*(?:\[\d+\])?(\*|\d+)?(?:\.(?:\[\d+\])?(\*|\d+)?)?(\[\d+\])?([a-zA-Z%]?)/g;

export const formatArguments: LintRule = {
  code: 'HLB0438',
  name: 'format-arguments',
  severity: 'warning',
  description: 'A format string that asks for more or fewer values than are given, or for a number.',
  check({ index, at, report }) {
    for (const site of index.callsOf('format')) {
      const [format, ...values] = site.args;
      const text = format === undefined ? undefined : constantText(format);
      if (format === undefined || text === undefined) continue;
      const verbs = [...text.matchAll(VERB)].filter((verb) => verb[4] !== '%');
      const wrong = verbs.find((verb) => !TEXT_VERBS.has(verb[4] ?? ''));
      if (wrong !== undefined) {
        report({
          message: `\`${wrong[0]}\` does not print a text, and all values of \`format\` are texts`,
          at: at(format),
          label: 'use `%s`',
        });
        continue;
      }
      // Indexes and stars take values in another order, and a variadic parameter stands for any number of them.
      const isPlain = verbs.every((verb) => !/[[*]/.test(verb[0]));
      const isList = values.some((value) => value.kind === 'call' && isListCall(index.siteOf(value)));
      if (!isPlain || isList || verbs.length === values.length) continue;
      report({
        message: `the format string asks for ${counted(verbs.length)}, but ${values.length === 0 ? 'none is' : `${values.length} ${values.length === 1 ? 'is' : 'are'}`} given`,
        at: at(format),
        label: verbs.length > values.length ? 'the rest prints as `%!s(MISSING)`' : 'the rest prints as `%!(EXTRA …)`',
      });
    }
  },
};

function counted(count: number): string {
  return count === 0 ? 'no value' : count === 1 ? '1 value' : `${count} values`;
}

function isListCall(site: Parameters<typeof isBuiltinCall>[0] | undefined): boolean {
  return site?.resolution?.kind === 'param' && site.resolution.param.variadic;
}
