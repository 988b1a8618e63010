export type { Builtin, BuiltinParam } from './builtins.ts';
export type {
  AliasSymbol,
  CheckedModule,
  FunctionSymbol,
  ImportSymbol,
  ModuleInterface,
  ModuleSymbol,
  Param,
  Resolution,
} from './checked.ts';
export { isOptionKind, type Kind } from './kind.ts';
