import type { Expr } from '@hlb/parser';
import { constantText } from '../../../values/constant-text.js';
import type { LintRule } from '../../rule.js';

/** Options that put something at a path, and which of their arguments is the path. */
const PATHS: Readonly<Record<string, number>> = { mount: 1, secret: 1, forward: 1 };

export const duplicateMount: LintRule = {
  code: 'HLB0423',
  name: 'duplicate-mount',
  severity: 'warning',
  description: 'Two mounts of one command at the same path, of which only one can be seen.',
  check({ index, at, report }) {
    for (const { kind, statements } of index.blocks) {
      if (kind !== 'option::run') continue;
      const seen = new Map<string, Expr>();
      for (const { resolution, args } of statements) {
        if (resolution?.kind !== 'builtin') continue;
        const place = Object.hasOwn(PATHS, resolution.builtin.name) ? PATHS[resolution.builtin.name] : undefined;
        const arg = place === undefined ? undefined : args[place];
        const text = arg === undefined ? undefined : constantText(arg);
        if (arg === undefined || text === undefined) continue;
        const path = text.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
        const first = seen.get(path);
        if (first === undefined) {
          seen.set(path, arg);
          continue;
        }
        report({
          message: `two mounts of this command are at \`${path}\``,
          at: at(arg),
          label: 'the same path',
          related: [{ span: at(first), message: 'mounted here first' }],
        });
      }
    }
  },
};
