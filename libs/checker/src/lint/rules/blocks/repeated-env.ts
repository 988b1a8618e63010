import type { Expr } from '@hlb/parser';
import { constantText } from '../../../values/constant-text.js';
import { isBuiltinCall } from '../../module-index.js';
import type { LintRule } from '../../rule.js';
import { isSource } from '../../source-statement.js';

export const repeatedEnv: LintRule = {
  code: 'HLB0426',
  name: 'repeated-env',
  severity: 'warning',
  description: 'A variable that a block sets twice: the image lists it twice, too.',
  check({ index, at, report }) {
    for (const { kind, statements } of index.blocks) {
      if (kind !== 'fs') continue;
      const seen = new Map<string, Expr>();
      for (const site of statements) {
        if (isSource(site)) seen.clear();
        const [key] = site.args;
        const name = key === undefined || !isBuiltinCall(site, 'env') ? undefined : constantText(key);
        if (key === undefined || name === undefined) continue;
        const first = seen.get(name);
        seen.set(name, key);
        if (first === undefined) continue;
        report({
          message: `the variable \`${name}\` is set twice, and both values end up in the image`,
          at: at(key),
          label: 'set again here',
          related: [{ span: at(first), message: 'set before here' }],
          notes: ['Commands of the build see the later value; which one a container sees is up to what starts it.'],
        });
      }
    }
  },
};
