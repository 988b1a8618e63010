import { constantText } from '../../../values/constant-text.js';
import type { LintRule } from '../../rule.js';

export const unpinnedImage: LintRule = {
  code: 'HLB0422',
  name: 'unpinned-image',
  severity: 'off',
  description: 'An image that is named without a digest, so that the same program may build something else tomorrow.',
  check({ index, at, report }) {
    for (const site of index.callsOf('image', 'frontend')) {
      const [ref] = site.args;
      if (ref === undefined) continue;
      const text = constantText(ref);
      if (text === undefined || text === '' || text.includes('@')) continue;
      const tag = /:([\w.-]+)$/.exec(text)?.[1];
      report({
        message: `\`${text}\` names no digest, so what it stands for may change`,
        at: at(ref),
        label: tag === undefined ? 'the tag is `latest`, for want of one' : `the tag \`${tag}\` can move`,
        helps: [`Add the digest: \`${text}@sha256:…\`.`],
      });
    }
  },
};
