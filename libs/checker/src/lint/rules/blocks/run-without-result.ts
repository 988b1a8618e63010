import type { CallStmt } from '@hlb/parser';
import { type CallSite, isBuiltinCall, type ModuleIndex, optionsOf } from '../../module-index.js';
import type { LintRule } from '../../rule.js';

export const runWithoutResult: LintRule = {
  code: 'HLB0428',
  name: 'run-without-result',
  severity: 'warning',
  description: 'A command with a read-only root and nothing bound: nothing can depend on it, so it is never executed.',
  check({ index, at, report }) {
    for (const site of index.callsOf('run')) {
      const { node } = site;
      if (node.kind !== 'call-stmt' || node.with === undefined) continue;
      const known = optionsOf(site);
      const readonly = known.find((item) => isOption(index.siteOf(item), 'readonlyRootfs'));
      if (readonly === undefined) continue;
      const bound = known.find((item): item is CallStmt => item.kind === 'call-stmt' && item.bind !== undefined);
      if (bound !== undefined && !isReadonlyMount(bound, index)) continue;
      report({
        message: 'this command is never executed: its root is read-only, and nothing that it could write is bound',
        at: at(node.callee),
        label: 'nothing can depend on it',
        related: [{ span: at(readonly.callee), message: 'protects the root' }],
        helps: ['Bind a writable mount, for example `mount scratch "/out" as result`, and use that.'],
      });
    }
  },
};

function isReadonlyMount(mount: CallStmt, index: ModuleIndex): boolean {
  const site = index.siteOf(mount);
  return site !== undefined && optionsOf(site).some((option) => isOption(index.siteOf(option), 'readonly'));
}

function isOption(site: CallSite | undefined, name: string): boolean {
  return site !== undefined && isBuiltinCall(site, name);
}
