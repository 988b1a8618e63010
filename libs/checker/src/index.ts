export type { Builtin, BuiltinParam } from './builtins.js';
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
