export { ModuleBuilder, opId } from './builder.js';
export type { IrModule, ModuleOutput, Request, Target } from './module.js';
export { mapOperands, mapTexts, operands, texts, valueOperands, valueType } from './operands.js';
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
export { type PrintOptions, printModule, printOp } from './text/print.js';
export { changeInvariants, verifyChange } from './verify/change.js';
export { formatViolation, verify } from './verify/verify.js';
export type { Violation } from './verify/violation.js';
