import type { BindClause } from '@hlb/parser';
import { type CallSite, optionsOf } from '../../module-index.js';
import type { LintRule } from '../../rule.js';

export const statementAfterBind: LintRule = {
  code: 'HLB0427',
  name: 'statement-after-bind',
  severity: 'warning',
  description: 'A statement after a call that is bound: for the bound name, it goes on with the bound value.',
  check({ index, at, report }) {
    for (const { isBody, statements } of index.blocks) {
      if (!isBody) continue;
      for (const [place, site] of statements.entries()) {
        const bind = bindOf(site);
        if (bind === undefined) continue;
        const next = statements.slice(place + 1).find((later) => later.resolution?.kind !== 'breakpoint');
        if (next === undefined) break;
        report({
          message: 'for the name that is bound before it, this statement goes on with the bound value',
          at: at(next.node.callee),
          label: 'runs on what was bound, not on this block',
          related: [{ span: at(bind.keyword), message: 'bound here' }],
          helps: ['Make the call that is bound the last one of its function, and do the rest in another function.'],
        });
        break;
      }
    }
  },
};

/** The bind of a statement, or of one of its options. */
function bindOf(site: CallSite): BindClause | undefined {
  if (site.node.kind === 'call-stmt' && site.node.bind !== undefined) return site.node.bind;
  for (const call of optionsOf(site)) if (call.kind === 'call-stmt' && call.bind !== undefined) return call.bind;
  return undefined;
}
