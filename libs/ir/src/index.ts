export {
  type Diagnostic,
  type DiagnosticInit,
  type Severity,
  type SourceFile,
  type Span,
  sourceFile,
} from '@hlb/diagnostics';
export { ModuleBuilder, opId } from './builder.js';
export { joinOrigins, makeOp, type OpInit } from './create.js';
export { moduleToDot, moduleToMermaid } from './graph.js';
export { equalOps, hashOp, OpTable } from './hash.js';
export type { IrModule, ModuleOutput, Request, Target } from './module.js';
export {
  mapOperands,
  mapTexts,
  type OperandUse,
  operands,
  operandUses,
  texts,
  valueOperands,
  valueType,
} from './operands.js';
export type {
  ChangeOp,
  CmdOp,
  CommandOp,
  ConcatOp,
  ConfigOp,
  CopyOp,
  DefinitionOp,
  DiffOp,
  DirOp,
  DockerLoadOp,
  DockerPushOp,
  DownloadImageOp,
  DownloadOp,
  EntrypointOp,
  EnvOp,
  ExposeOp,
  FormatOp,
  ForwardOption,
  FrontendOp,
  FsOp,
  GitOp,
  HostEnvOp,
  HostTextOp,
  HttpOp,
  ImageOp,
  LabelOp,
  LayoutOp,
  LocalOp,
  ManifestOp,
  MergeOp,
  MkdirOp,
  MkfileOp,
  MountAttributes,
  MountOption,
  Op,
  OpId,
  OpKind,
  OptionPlace,
  Origin,
  OutputOp,
  PushDigestOp,
  ResolvedLocal,
  RmOp,
  RunOp,
  RunOption,
  ScratchOp,
  SecretOption,
  SettingOp,
  ShellOp,
  SourceOp,
  SshOption,
  StopSignalOp,
  StringOp,
  TemplateOp,
  Text,
  UserOp,
  VolumesOp,
} from './ops.js';
export { type FactAnswers, type FactKind, factKinds } from './passes/facts.js';
export {
  type OptionRow,
  type OptionsIssue,
  type OptionsOf,
  type OptionsResult,
  type OptionsSchema,
  passOptions,
} from './passes/options.js';
export { orderPasses, type PassOrder } from './passes/order.js';
export { definePass, type Pass, type PassContext, type PassDefinition, type PassUse, placeOf } from './passes/pass.js';
export {
  type PassesResult,
  type PassReport,
  type PassStat,
  type RunPassesOptions,
  runPasses,
} from './passes/run-passes.js';
export { mapRequest, mapTarget, requestOperands, roots } from './requests.js';
export { type OpGroup, type OpOf, type OpRow, opRow, opRows } from './schema/op-table.js';
export { type RunOptionRow, runOptionRow, runOptionRows } from './schema/option-table.js';
export type { AttributeRow } from './schema/row.js';
export type { NamedShape, ShapeData } from './schema/shape.js';
export { type ParsedModule, type ParseOptions, parseModule } from './text/parse.js';
export { type PrintOptions, printModule, printOp } from './text/print.js';
export { keepOps, keepReachable, opAt, type Rebuilding, reachable, rebuild, replaceOps, users } from './transform.js';
export { changeInvariants, verifyChange } from './verify/change.js';
export { invariants, wellFormed } from './verify/invariants.js';
export { formatViolation, verify } from './verify/verify.js';
export type { Violation } from './verify/violation.js';
