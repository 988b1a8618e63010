export { type EngineAddress, formatAddress, parseAddress } from './address/address.js';
export { currentDockerContext, type DockerContext, type Environment } from './address/docker-context.js';
export {
  type EngineAddressOptions,
  type EngineCandidate,
  engineAddresses,
  usualSockets,
} from './address/engine-addresses.js';
export type { TlsFiles } from './address/tls.js';
export { type CacheRequest, type ServedCaches, serveCaches } from './cache/served-caches.js';
export { Capabilities } from './capabilities/capabilities.js';
export { type EngineCapabilities, engineCapabilities } from './capabilities/engine-capabilities.js';
export { hasClassicStore } from './capabilities/image-store.js';
export { releaseOf } from './capabilities/releases.js';
export { type ConnectOptions, connect, connectFirst } from './connect/connect.js';
export { ConnectError, type ConnectErrorCode } from './connect/connect-error.js';
export { Connection } from './connect/connection.js';
export {
  type CacheRecord,
  type DiskUsageOptions,
  diskUsage,
  type EngineVersion,
  engineVersion,
  listWorkers,
  type PruneOptions,
  prune,
} from './control/engine.js';
export { type BlobDescriptor, readBlob } from './control/history/blobs.js';
export {
  type BuildHistoryBlobs,
  buildHistory,
  type HistoryEvent,
  type HistoryOptions,
  type HistoryRecord,
  type HistoryResult,
  historyError,
  updateBuildHistory,
} from './control/history/history.js';
export { historyUpdates } from './control/history/history-updates.js';
export { solve } from './control/solve.js';
export type { Attributes, CacheEntry, Exporter, SolveOptions } from './control/solve-request.js';
export { type SourceRule, type SourceSelector, sourcePolicy } from './control/source-policy.js';
export { newRef, type Solve, type SolveCallOptions } from './control/start-solve.js';
export type { CounterUpdate, LogChunk, StatusUpdate, VertexUpdate, VertexWarning } from './control/status.js';
export { BuildkitError, type BuildkitErrorInit } from './errors/buildkit-error.js';
export type {
  EngineStack,
  ErrorDetails,
  ErrorSource,
  FailedSolve,
  IncompleteMaterial,
  SourcePosition,
  SourceRange,
} from './errors/error-details.js';
export type { Container, ContainerMount, ContainerOptions, MountOwner } from './gateway/container.js';
export type { FileEntry, FileRange } from './gateway/files.js';
export { Frontend, type FrontendProcess, runFrontend } from './gateway/frontend/frontend.js';
export { Gateway, type GatewayOptions } from './gateway/gateway.js';
export { type GatewaySolveOptions, type GatewayWarning, GatewayWork } from './gateway/gateway-work.js';
export { openGateway } from './gateway/open-gateway.js';
export type { ContainerProcess, ProcessExit, ProcessOptions } from './gateway/process.js';
export { EMPTY_RESULT, type GatewayResult, type Reference } from './gateway/result.js';
export type { ImageConfig, ImageConfigOptions, SourceMeta, SourceMetaOptions } from './gateway/sources.js';
export { Call } from './grpc/call.js';
export { type CallOptions, GrpcChannel } from './grpc/channel.js';
export type { Metadata } from './grpc/metadata.js';
export type { Method } from './grpc/method.js';
export type { GrpcCode } from './grpc/status.js';
export { fetchImageManifest, type ImageManifest } from './registry/image-manifest.js';
export { RegistryError, type RegistryOptions } from './registry/registry-client.js';
export type { AuthOptions } from './session/auth/auth.js';
export type { CredentialSource, RegistryCredentials } from './session/auth/credentials.js';
export { type DockerConfigOptions, dockerCredentials } from './session/auth/docker-config.js';
export type { ContentStore } from './session/content/content.js';
export { type Descriptor, OciLayout } from './session/content/oci-layout.js';
export type { SessionExporter } from './session/exporter.js';
export type { OutputTarget, OutputTotals } from './session/file-send/target.js';
export type { TargetHandle } from './session/file-send/targets.js';
export type { LocalDirectory } from './session/file-sync/directories.js';
export type { PolicyVerifier } from './session/policy.js';
export type { Secret, SecretSource } from './session/secrets/secrets.js';
export { openSession, type Session, type SessionOptions, type SessionTransport } from './session/session.js';
export type { ForwardedAgent } from './session/ssh/agents.js';
export { TransferError, type TransferErrorCode } from './session/transfer-error.js';
export type {
  AnnouncedEntry,
  DirectoryListener,
  DirectoryRequest,
  TransferEvent,
  TransferListener,
} from './session/transfers.js';
export type { UploadSource } from './session/upload.js';
