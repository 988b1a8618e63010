import { diagnostic, sourceFile, span } from '@hlb/diagnostics';
import { parse } from '@hlb/parser';
import { check } from '../../check/check.js';
import { indexModule } from '../module-index.js';
import type { LintRule } from '../rule.js';

/**
 * What one rule finds in a program, whatever its severity: `LINE:COLUMN TEXT`, the text being what the place holds, up to the
 * end of its line. Throws when the program does not parse, since a rule would then be tested on something else.
 */
export function findingsOf(rule: LintRule, text: string): readonly string[] {
  const file = sourceFile('build.hlb', text);
  const { module, diagnostics } = parse(file);
  const [wrong] = diagnostics;
  if (wrong !== undefined) throw new Error(`the program does not parse: ${wrong.message}`);
  const checked = check(module);
  const found: string[] = [];
  rule.check({
    checked,
    file,
    index: indexModule(checked),
    at: (node) => span(file, node.start, node.end),
    report: (finding) => {
      const { start, end } = diagnostic(rule.code, finding).labels[0]?.span ?? span(file, 0, 0);
      const { line, column } = file.position(start);
      found.push(`${line}:${column} ${text.slice(start, end).split('\n')[0]}`);
    },
  });
  return found;
}
