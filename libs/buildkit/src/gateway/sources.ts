import type { Platform } from '@hlb/llb';
import {
  LLBBridgeService,
  type ResolveImageConfigRequest,
  type ResolveImageConfigResponse,
  type ResolveSourceMetaRequest,
  type ResolveSourceMetaResponse,
} from '@hlb/proto/gateway';
import type { Platform as PlatformMessage } from '@hlb/proto/llb';
import type { Capabilities } from './capabilities.js';
import type { GatewayCall } from './gateway.js';

export interface ImageConfigOptions {
  /** The engine's default where absent. */
  readonly platform?: Platform;
  /** `default`, `pull` (ask the registry), `local` (prefer what is there). */
  readonly mode?: 'default' | 'pull' | 'local';
  /** The name of the vertex that is shown meanwhile. */
  readonly name?: string;
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
  if (!caps.has('source.metaresolver')) {
    const response = await request<ResolveImageConfigRequest, ResolveImageConfigResponse>(
      LLBBridgeService.resolveImageConfig,
      {
        Ref: image,
        Platform: platform,
        ResolveMode,
        LogName,
        ResolverType: 0,
        SessionID: '',
        StoreID: '',
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
  /** Of a git source: give the commit and tag objects too. */
  readonly gitObjects?: boolean;
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
      Image:
        options.noConfig === true ? { NoConfig: true, AttestationChain: false, ResolveAttestations: [] } : undefined,
      HTTP: undefined,
      SourcePolicies: [],
    },
    signal,
  );
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
