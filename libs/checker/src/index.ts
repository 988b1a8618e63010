export {
  type Builtin,
  type BuiltinEffect,
  type BuiltinParam,
  builtinSignature,
} from './builtins/builtin.js';
export { BUILTIN_FILE_NAME, builtinFile, builtinSpan } from './builtins/declarations.js';
export { builtinNames, builtins, builtinsNamed, builtinsOfKind, findBuiltin } from './builtins/table.js';
export { type CheckOptions, check } from './check/check.js';
export { type CheckPass, checkPasses } from './check/passes.js';
export { checkReferences, interfaceOf } from './check/references.js';
export type {
  AliasSymbol,
  CheckedModule,
  FunctionSymbol,
  ImportSymbol,
  ModuleInterface,
  ModuleSymbol,
  Param,
  Resolution,
} from './checked.js';
export { isOptionKind, type Kind } from './kind.js';
export { applyFixes, type FixedText, fixedAndFormatted } from './lint/apply-fixes.js';
export { type LintConfig, lint, severityOf } from './lint/lint.js';
export type { Finding, LintContext, LintRule, LintSeverity } from './lint/rule.js';
export { lintRules } from './lint/rules.js';
export type { ValueFormat } from './values/format.js';
export { judgeValue, type ValueContext } from './values/judge.js';
