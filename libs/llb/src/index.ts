export {
  type Digest,
  formatImageReference,
  type ImageReference,
  isDigest,
} from '@hlb/names';
export {
  type Definition,
  emptyDefinition,
  InvalidDefinitionError,
  type MappedLocation,
  type SourceMapping,
} from './definition/definition.js';
export { type MarshalOptions, marshal } from './definition/marshal.js';
export { definitionOutput } from './definition/verbatim.js';
export { decodeDefinition, definitionBytes, encodeDefinition } from './definition/wire.js';
export { decodeOp, encodeOp } from './encoding/op.js';
export { InvalidOpError } from './graph/invalid-op.js';
export type { OpOptions } from './graph/op-options.js';
export { relocated } from './graph/relocated.js';
export type { SourceFile, SourceLocation, SourcePosition, SourceRange } from './graph/source-location.js';
export {
  customNameKey,
  type Immutable,
  type LinuxResources,
  type OpBody,
  type OpKind,
  type OpVertex,
  type Output,
  type ProgressGroup,
  type VerbatimVertex,
  type Vertex,
  type VertexConstraints,
  type VertexMetadata,
  type VertexOf,
} from './graph/vertex.js';
export { digestOf, InvalidDigestError, parseDigest } from './names/digest.js';
export { type GitRemote, gitIdentifier, InvalidGitRemoteError, parseGitRemote } from './names/git-remote.js';
export { goJsonString, goJsonStringArray } from './names/go-json.js';
export {
  formatPlatform,
  hostPlatform,
  InvalidPlatformError,
  normalizePlatform,
  type Platform,
  parsePlatform,
  samePlatform,
} from './names/platform.js';
export { absolutePath, absoluteTarget, cleanPath } from './names/posix-path.js';
export { InvalidReferenceError, normalizeReference, parseReference } from './names/reference.js';
export { type BuildOptions, build, buildDefinitionInput, type PassthroughOptions, passthrough } from './ops/build.js';
export { type Exec, type ExecOptions, exec } from './ops/exec/exec.js';
export type { ExecMetaOptions, NetworkMode, ProxyEnv, SecurityMode, Ulimit, UlimitName } from './ops/exec/exec-meta.js';
export type { ExecMount } from './ops/exec/exec-mounts.js';
export type { ExecSecret, ExecSshSocket } from './ops/exec/exec-served.js';
export { type FileOptions, file } from './ops/file/file.js';
export type {
  CopyAction,
  FileAction,
  FileChain,
  MkdirAction,
  MkfileAction,
  RmAction,
  SymlinkAction,
} from './ops/file/file-actions.js';
export { type Owner, parseOwner } from './ops/file/owner.js';
export { diff, merge } from './ops/merge-diff.js';
export { type BlobSourceOptions, blobSource, type SourceFileOptions } from './ops/sources/blob-source.js';
export { type GitSourceOptions, gitSource } from './ops/sources/git-source.js';
export { type HttpSourceOptions, httpSource } from './ops/sources/http-source.js';
export {
  type ImageSourceOptions,
  imageSource,
  type OciLayoutSourceOptions,
  ociLayoutSource,
} from './ops/sources/image-source.js';
export { type LocalSourceOptions, localSource } from './ops/sources/local-source.js';
export { type SourceOptions, sourceOp } from './ops/sources/source.js';
export { opFromJSON, opToJSON } from './printing/op-json.js';
export { opName } from './printing/op-name.js';
export { printDefinition } from './printing/print-definition.js';
