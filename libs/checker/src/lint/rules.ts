import type { LintRule } from './rule.js';
import { discardedStatements } from './rules/blocks/discarded-statements.js';
import { missingSource } from './rules/blocks/missing-source.js';
import { repeatedEnv } from './rules/blocks/repeated-env.js';
import { runWithoutResult } from './rules/blocks/run-without-result.js';
import { statementAfterBind } from './rules/blocks/statement-after-bind.js';
import { decimalMode } from './rules/commands/decimal-mode.js';
import { duplicateMount } from './rules/commands/duplicate-mount.js';
import { forwardAsAgent } from './rules/commands/forward-as-agent.js';
import { lostModeBits } from './rules/commands/lost-mode-bits.js';
import { secretInEnv } from './rules/commands/secret-in-env.js';
import { shadowedName } from './rules/declarations/shadowed-name.js';
import { uselessBinds } from './rules/declarations/useless-binds.js';
import { uselessExport } from './rules/declarations/useless-export.js';
import { uselessResolve } from './rules/declarations/useless-resolve.js';
import { uselessSuppression } from './rules/declarations/useless-suppression.js';
import { uselessWith } from './rules/declarations/useless-with.js';
import { variadicNotLast } from './rules/declarations/variadic-not-last.js';
import { deprecatedGroup } from './rules/deprecated/deprecated-group.js';
import { deprecatedImport } from './rules/deprecated/deprecated-import.js';
import { deprecatedParallel } from './rules/deprecated/deprecated-parallel.js';
import { unpinnedImage } from './rules/sources/unpinned-image.js';
import { unverifiedDownload } from './rules/sources/unverified-download.js';
import { wholeHome } from './rules/sources/whole-home.js';
import { formatArguments } from './rules/texts/format-arguments.js';
import { heredocEscape } from './rules/texts/heredoc-escape.js';
import { heredocInlineDelimiter } from './rules/texts/heredoc-inline-delimiter.js';
import { heredocTrailingBlanks } from './rules/texts/heredoc-trailing-blanks.js';
import { unusedBind } from './rules/unused/unused-bind.js';
import { unusedFunction } from './rules/unused/unused-function.js';
import { unusedImport } from './rules/unused/unused-import.js';
import { unusedParameter } from './rules/unused/unused-parameter.js';

/** Every rule, in the order of the codes. */
export const lintRules: readonly LintRule[] = [
  deprecatedImport,
  deprecatedGroup,
  deprecatedParallel,
  unusedFunction,
  unusedParameter,
  unusedImport,
  unusedBind,
  shadowedName,
  uselessExport,
  uselessBinds,
  variadicNotLast,
  uselessWith,
  wholeHome,
  secretInEnv,
  unpinnedImage,
  duplicateMount,
  decimalMode,
  lostModeBits,
  repeatedEnv,
  statementAfterBind,
  runWithoutResult,
  heredocInlineDelimiter,
  heredocEscape,
  heredocTrailingBlanks,
  missingSource,
  discardedStatements,
  forwardAsAgent,
  formatArguments,
  unverifiedDownload,
  uselessResolve,
  uselessSuppression((rule) => isRule(rule)),
];

function isRule(rule: string): boolean {
  return lintRules.some(({ code, name }) => rule === code || rule === name);
}

/** The name of the rule that has a code. */
export function nameOfRule(code: string): string | undefined {
  return lintRules.find((rule) => rule.code === code)?.name;
}
