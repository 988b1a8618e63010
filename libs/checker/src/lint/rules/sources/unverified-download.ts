import { type CallSite, optionsOf } from '../../module-index.js';
import type { LintRule } from '../../rule.js';

export const unverifiedDownload: LintRule = {
  code: 'HLB0439',
  name: 'unverified-download',
  severity: 'off',
  description: 'A file fetched by `http` without a `checksum`, so that nobody notices if it changes.',
  check({ index, at, report }) {
    for (const site of index.callsOf('http')) {
      // Options of a function or a parameter may hold one.
      if (optionsOf(site).some((call) => !isOtherOption(index.siteOf(call)))) continue;
      report({
        message: 'nothing checks what this fetches',
        at: at(site.node.callee),
        label: 'without a checksum',
        helps: ['Add `with checksum("sha256:…")`.'],
      });
    }
  },
};

function isOtherOption(site: CallSite | undefined): boolean {
  return site?.resolution?.kind === 'builtin' && site.resolution.builtin.name !== 'checksum';
}
