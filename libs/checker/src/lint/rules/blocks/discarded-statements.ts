import { type CallSite, optionsOf } from '../../module-index.js';
import type { LintRule } from '../../rule.js';
import { isSource } from '../../source-statement.js';

/** Outputs do their work even if the block then starts afresh. */
const OUTPUTS = new Set([
  'dockerPush',
  'dockerLoad',
  'download',
  'downloadTarball',
  'downloadOCITarball',
  'downloadDockerTarball',
]);

export const discardedStatements: LintRule = {
  code: 'HLB0434',
  name: 'discarded-statements',
  severity: 'warning',
  description: 'Statements before a source such as `image`, which drops what they have built.',
  check({ index, at, report }) {
    for (const { kind, statements } of index.blocks) {
      if (kind !== 'fs') continue;
      let lost: CallSite | undefined;
      for (const site of statements) {
        if (isSource(site)) {
          if (lost !== undefined) {
            report({
              message: `\`${site.node.name}\` starts afresh, so what is built before it is dropped`,
              at: at(lost.node.callee),
              label: 'has no effect on the result',
              related: [{ span: at(site.node.callee), message: 'starts afresh' }],
              helps: ['Use `copy`, `mount` or `merge` to take files over from another file system.'],
            });
          }
          lost = isEmpty(site) ? undefined : site;
        } else if (changes(site)) lost ??= site;
        else if (hasOutside(site)) lost = undefined;
      }
    }
  },
};

/** `scratch` before another source is only redundant. */
function isEmpty(site: CallSite): boolean {
  return site.node.name === 'scratch';
}

/** Whether a statement does nothing but change the value of its block. */
function changes(site: CallSite): boolean {
  const { node, resolution } = site;
  if (resolution?.kind !== 'builtin' || OUTPUTS.has(resolution.builtin.name)) return false;
  if (node.kind === 'call-stmt' && node.bind !== undefined) return false;
  return optionsOf(site).every((option) => option.kind !== 'call-stmt' || option.bind === undefined);
}

/** Functions, and what is bound, may have a purpose beside the value. */
function hasOutside({ resolution }: CallSite): boolean {
  return resolution?.kind !== 'breakpoint';
}
