import type { Platform } from '@hlb/llb';
import {
  LLBBridgeService,
  type ResolveImageConfigRequest,
  type ResolveImageConfigResponse,
  type ResolveSourceMetaRequest,
  type ResolveSourceMetaResponse,
} from '@hlb/proto/gateway';
import type { Platform as PlatformMessage } from '@hlb/proto/llb';
import type { Policy } from '@hlb/proto/sourcepolicy';
import type { Capabilities } from '../capabilities/capabilities.js';
import type { GatewayCall } from './gateway-call.js';

export interface ImageConfigOptions {
  /** The engine's default where absent. */
  readonly platform?: Platform;
  /** `default`, `pull` (ask the registry), `local` (prefer what is there). */
  readonly mode?: 'default' | 'pull' | 'local';
  /** The name of the vertex that is shown meanwhile. */
  readonly name?: string;
  /** Where the image is in a content store of a session, instead of a registry (engines from 0.11). */
  readonly layout?: { readonly session: string; readonly store: string };
}

export interface ImageConfig {
  /** Of the manifest or index that the reference names now. */
  readonly digest: string;
  /** The OCI image config, as the registry serves it. */
  readonly config: Uint8Array;
}

/** An image's config. */
export async function resolveImageConfig(
  request: GatewayCall,
  caps: Capabilities,
  image: string,
  options: ImageConfigOptions,
  signal?: AbortSignal,
): Promise<ImageConfig> {
  const platform = platformMessage(options.platform);
  const ResolveMode = options.mode ?? 'default';
  const LogName = options.name ?? `resolve image config for docker-image://${image}`;
  const { layout } = options;
  if (layout !== undefined) caps.require('gateway.evaluate', 'an image of an OCI layout');
  if (layout !== undefined || !caps.has('source.metaresolver')) {
    const response = await request<ResolveImageConfigRequest, ResolveImageConfigResponse>(
      LLBBridgeService.resolveImageConfig,
      {
        Ref: image,
        Platform: platform,
        ResolveMode,
        LogName,
        ResolverType: layout === undefined ? 0 : 1,
        SessionID: layout?.session ?? '',
        StoreID: layout?.store ?? '',
        SourcePolicies: [],
      },
      signal,
    );
    return { digest: response.Digest, config: response.Config };
  }
  const meta = await resolveSourceMeta(
    request,
    `docker-image://${image}`,
    { mode: ResolveMode, name: LogName, ...(options.platform === undefined ? {} : { platform: options.platform }) },
    signal,
  );
  return { digest: meta.Image?.Digest ?? '', config: meta.Image?.Config ?? new Uint8Array() };
}

export interface SourceMetaOptions {
  readonly attrs?: ReadonlyMap<string, string>;
  readonly platform?: Platform;
  readonly mode?: 'default' | 'pull' | 'local';
  readonly name?: string;
  /** Of an image: leave its config alone. */
  readonly noConfig?: boolean;
  /** Of an image: what attests it, with the blobs of these in-toto predicate types; `[]` for the chain alone (engines from 0.28). */
  readonly attestations?: readonly string[];
  /** Of a git source: give the commit and tag objects too. */
  readonly gitObjects?: boolean;
  /** Of an HTTP source: its checksum by this algorithm, of its content and then the suffix (engines from 0.28). */
  readonly checksum?: { readonly algorithm: 'sha256' | 'sha384' | 'sha512'; readonly suffix?: Uint8Array };
  readonly sourcePolicies?: readonly Policy[];
}

/** What an engine knows of a source: of an image, a git or an HTTP one, in the protocol's own form. */
export type SourceMeta = Readonly<ResolveSourceMetaResponse>;

/** Asks for what is known of a source. */
export function resolveSourceMeta(
  request: GatewayCall,
  identifier: string,
  options: SourceMetaOptions,
  signal?: AbortSignal,
): Promise<SourceMeta> {
  return request<ResolveSourceMetaRequest, ResolveSourceMetaResponse>(
    LLBBridgeService.resolveSourceMeta,
    {
      Source: { identifier, attrs: new Map(options.attrs) },
      Platform: platformMessage(options.platform),
      LogName: options.name ?? '',
      ResolveMode: options.mode ?? 'default',
      Git: options.gitObjects === true ? { ReturnObject: true } : undefined,
      Image: imageRequest(options),
      HTTP: httpRequest(options),
      SourcePolicies: [...(options.sourcePolicies ?? [])],
    },
    signal,
  );
}

function imageRequest({ noConfig = false, attestations }: SourceMetaOptions): ResolveSourceMetaRequest['Image'] {
  if (!noConfig && attestations === undefined) return undefined;
  return {
    NoConfig: noConfig,
    AttestationChain: attestations !== undefined,
    ResolveAttestations: [...(attestations ?? [])],
  };
}

const CHECKSUMS = { sha256: 0, sha384: 1, sha512: 2 } as const;

function httpRequest({ checksum }: SourceMetaOptions): ResolveSourceMetaRequest['HTTP'] {
  if (checksum === undefined) return undefined;
  return { ChecksumRequest: { Algo: CHECKSUMS[checksum.algorithm], Suffix: checksum.suffix ?? new Uint8Array() } };
}

/** The message of a platform; `undefined` stands for the engine's own. */
export function platformMessage(platform: Platform | undefined): PlatformMessage | undefined {
  if (platform === undefined) return undefined;
  return {
    OS: platform.os,
    Architecture: platform.architecture,
    Variant: platform.variant ?? '',
    OSVersion: platform.osVersion ?? '',
    OSFeatures: [...(platform.osFeatures ?? [])],
  };
}
