import type { LintRule } from '../../rule.js';
import { readSuppressions } from '../../suppressions.js';

/** Made by `rules.ts`, which knows the names of all rules. */
export function uselessSuppression(isRule: (rule: string) => boolean): LintRule {
  return {
    code: 'HLB0450',
    name: 'useless-suppression',
    severity: 'warning',
    description: 'A comment that turns off a rule that does not exist, or none at all.',
    check({ file, index, at, report }) {
      for (const { comment, rules } of readSuppressions(file, index.comments).all) {
        const unknown = rules.filter((rule) => !isRule(rule));
        if (rules.length > 0 && unknown.length === 0) continue;
        report({
          message:
            rules.length === 0
              ? 'this comment turns off nothing: it names no rule'
              : `there is no lint rule ${unknown.map((rule) => `\`${rule}\``).join(', ')}`,
          at: at(comment),
          label: 'has no effect',
          helps: ['Name rules by their codes or names, separated by commas: `# hlb-lint-disable-next-line HLB0422`.'],
        });
      }
    },
  };
}
