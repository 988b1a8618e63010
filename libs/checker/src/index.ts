export {
  type Builtin,
  type BuiltinEffect,
  type BuiltinParam,
  builtinSignature,
} from './builtins/builtin.js';
export { BUILTIN_FILE_NAME, builtinFile, builtinSpan } from './builtins/declarations.js';
export { builtinNames, builtins, builtinsNamed, builtinsOfKind, findBuiltin } from './builtins/table.js';
export { check } from './check/check.js';
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
export { layHeredoc } from './text/heredoc-layout.js';
export { literalText } from './text/literal-text.js';
export type { ValueFormat } from './values/format.js';
export { judgeValue, type ValueContext } from './values/judge.js';
