import type { ChangeOp } from './ops/change-ops.js';
import type { OutputOp } from './ops/output-ops.js';
import type { ConfigOp, SettingOp } from './ops/setting-ops.js';
import type { SourceOp } from './ops/source-ops.js';
import type { StringOp } from './ops/string-ops.js';

export type { ChangeOp, CopyOp, DiffOp, MergeOp, MkdirOp, MkfileOp, RmOp, RunOp } from './ops/change-ops.js';
export type { OpId, Origin, Text } from './ops/op-base.js';
export type { DockerLoadOp, DockerPushOp, DownloadImageOp, DownloadOp, OutputOp } from './ops/output-ops.js';
export type {
  ForwardOption,
  MountAttributes,
  MountOption,
  OptionPlace,
  RunOption,
  SecretOption,
  SshOption,
} from './ops/run-options.js';
export type {
  CmdOp,
  ConfigOp,
  DirOp,
  EntrypointOp,
  EnvOp,
  ExposeOp,
  LabelOp,
  SettingOp,
  ShellOp,
  StopSignalOp,
  UserOp,
  VolumesOp,
} from './ops/setting-ops.js';
export type {
  DefinitionOp,
  FrontendOp,
  GitOp,
  HttpOp,
  ImageOp,
  LocalOp,
  ResolvedLocal,
  ScratchOp,
  SourceOp,
} from './ops/source-ops.js';
export type {
  CommandOp,
  ConcatOp,
  FormatOp,
  HostEnvOp,
  HostTextOp,
  LayoutOp,
  ManifestOp,
  PushDigestOp,
  StringOp,
  TemplateOp,
} from './ops/string-ops.js';

/** Any op, told apart by its `kind`. */
export type Op = FsOp | StringOp;
/** The names of all ops. */
export type OpKind = Op['kind'];

/** Ops that yield a file system with the settings and the image config that travel with it. */
export type FsOp = SourceOp | ChangeOp | SettingOp | ConfigOp | OutputOp;
