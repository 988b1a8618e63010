import { type Diagnostic, diagnostic, span } from '@hlb/diagnostics';
import type { CheckedModule } from '../checked.js';
import { indexModule } from './module-index.js';
import type { LintContext, LintRule, LintSeverity } from './rule.js';
import { lintRules, nameOfRule } from './rules.js';
import { readSuppressions } from './suppressions.js';

/** What a project wants of the linter. */
export interface LintConfig {
  /** Severities of rules, by name or by code. */
  readonly rules?: Readonly<Record<string, LintSeverity>>;
}

/** Runs every rule that is on over a module, and leaves out what comments suppress. In order of place. */
export function lint(checked: CheckedModule, config: LintConfig = {}): readonly Diagnostic[] {
  const index = indexModule(checked);
  const found: Diagnostic[] = [];
  for (const rule of lintRules) {
    const severity = severityOf(rule, config);
    if (severity === 'off') continue;
    const context: LintContext = {
      checked,
      file: checked.file,
      index,
      at: (node) => span(checked.file, node.start, node.end),
      report: (finding) => found.push(diagnostic(rule.code, { ...finding, severity })),
    };
    rule.check(context);
  }
  const suppressions = readSuppressions(checked.file, index.comments, nameOfRule);
  const start = (one: Diagnostic): number => one.labels[0]?.span.start ?? 0;
  return found.filter((one) => !suppressions.suppresses(one)).sort((a, b) => start(a) - start(b));
}

/** The severity of a rule: by its name, by its code, or its own. */
export function severityOf(rule: LintRule, config: LintConfig): LintSeverity {
  const { rules } = config;
  if (rules === undefined) return rule.severity;
  if (Object.hasOwn(rules, rule.name)) return rules[rule.name] ?? rule.severity;
  if (Object.hasOwn(rules, rule.code)) return rules[rule.code] ?? rule.severity;
  return rule.severity;
}
