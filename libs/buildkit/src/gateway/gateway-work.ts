import { type Definition, normalizeReference } from '@hlb/llb';
import {
  type EvaluateRequest,
  type EvaluateResponse,
  LLBBridgeService,
  type PongResponse,
  SolveRequest,
  type SolveResponse,
  type WarnRequest,
  type WarnResponse,
} from '@hlb/proto/gateway';
import type { Policy } from '@hlb/proto/sourcepolicy';
import type { WorkerRecord } from '@hlb/proto/workers';
import { checkArguments, checkMade, type Form, optional, SIGNAL, TEXT, WORD } from '../arguments/forms.js';
import { Capabilities, OLDEST_GATEWAY } from '../capabilities/capabilities.js';
import { checkWork, GATEWAY_SOLVE_OPTIONS } from '../control/solve-forms.js';
import {
  type Attributes,
  type CacheEntry,
  cacheMessage,
  frontendAttributes,
  withDefinitions,
} from '../control/solve-request.js';
import type { SourceRange } from '../errors/error-details.js';
import type { GrpcChannel } from '../grpc/channel.js';
import type { Metadata } from '../grpc/metadata.js';
import { ofBytes } from '../grpc/method.js';
import { Container, type ContainerOptions } from './container.js';
import { type FileEntry, type FileOwner, type FileRange, GatewayFiles } from './files.js';
import type { GatewayCall } from './gateway-call.js';
import {
  CONTAINER_OPTIONS,
  FILE_RANGE,
  IMAGE_CONFIG_OPTIONS,
  REFERENCE,
  SOURCE_META_OPTIONS,
  WARNING,
} from './gateway-forms.js';
import { type GatewayResult, type Reference, readResult } from './result.js';
import {
  type ImageConfig,
  type ImageConfigOptions,
  resolveImageConfig,
  resolveSourceMeta,
  type SourceMeta,
  type SourceMetaOptions,
} from './sources.js';

/** A solve within the build. */
export interface GatewaySolveOptions {
  readonly definition?: Definition;
  readonly frontend?: string;
  readonly frontendAttrs?: Attributes;
  readonly frontendInputs?: ReadonlyMap<string, Definition>;
  readonly cacheImports?: readonly CacheEntry[];
  readonly sourcePolicies?: readonly Policy[];
  /** Builds the result now, instead of when it is first read. */
  readonly evaluate?: boolean;
}

export interface GatewayWarning {
  /** Digest of the vertex that it is about. */
  readonly vertex: string;
  /** 1 is usual. */
  readonly level?: number;
  readonly message: string;
  readonly details?: readonly string[];
  readonly url?: string;
  readonly source?: { readonly file: string; readonly data: Uint8Array; readonly ranges: readonly SourceRange[] };
}

/** How the engine is reached for a build, and what it answered first. */
export interface GatewayWorkInit {
  readonly channel: GrpcChannel;
  readonly request: GatewayCall;
  /** Of calls that are no simple requests. */
  readonly metadata: Metadata;
  readonly pong: PongResponse;
  /** Aborted when the build ends before it is done. */
  readonly signal: AbortSignal;
}

/** What a frontend can do in a build, whether it is the client of the engine or runs in a container there. */
export class GatewayWork {
  /** What the gateway can do. */
  readonly caps: Capabilities;
  /** What LLB the engine knows, and its exporters and caches. */
  readonly llbCaps: Capabilities;
  readonly workers: readonly WorkerRecord[];
  readonly #files: GatewayFiles;
  readonly #init: GatewayWorkInit;

  constructor(init: GatewayWorkInit) {
    checkMade(init, 'GatewayWork', 'openGateway or runFrontend', 'channel', 'request', 'pong', 'signal');
    this.#init = init;
    this.caps = new Capabilities(init.pong.FrontendAPICaps, OLDEST_GATEWAY);
    this.llbCaps = new Capabilities(init.pong.LLBCaps);
    this.workers = init.pong.Workers;
    this.#files = new GatewayFiles(init.request);
  }

  /** Solves a definition, or lets a frontend make one. Without `evaluate` only what the frontend reads is built. */
  async solve(options: GatewaySolveOptions, signal?: AbortSignal): Promise<GatewayResult> {
    checkArguments('solve', { options: [options, GATEWAY_SOLVE_OPTIONS], signal: [signal, optional(SIGNAL)] });
    checkWork(options);
    if (options.frontendInputs !== undefined && options.frontendInputs.size > 0) {
      this.caps.require('frontend.inputs', 'a frontend with inputs');
    }
    const evaluate = options.evaluate ?? false;
    const inThere = this.caps.has('gateway.solve.evaluate');
    if ((options.sourcePolicies ?? []).length > 0) this.llbCaps.require('source.policy', 'a source policy');
    const response = await this.#init.request<Uint8Array, SolveResponse>(
      ofBytes(LLBBridgeService.solve),
      solveRequest(options, evaluate && inThere),
      signal,
    );
    const result = readResult(response.result);
    if (evaluate && !inThere) await Promise.all(references(result).map((ref) => this.evaluate(ref, signal)));
    return result;
  }

  /** Builds a result. */
  async evaluate(ref: Reference, signal?: AbortSignal): Promise<void> {
    checkArguments('evaluate', { ref: [ref, REFERENCE], signal: [signal, optional(SIGNAL)] });
    if (this.caps.has('gateway.evaluate')) {
      await this.#init.request<EvaluateRequest, EvaluateResponse>(LLBBridgeService.evaluate, { Ref: ref.id }, signal);
    } else await this.statFile(ref, '.', signal);
  }

  /**
   * An image's config, from the engine's store or the registry.
   * @throws InvalidReferenceError for a name that is none
   */
  async resolveImageConfig(
    image: string,
    options: ImageConfigOptions = {},
    signal?: AbortSignal,
  ): Promise<ImageConfig> {
    checkArguments('resolveImageConfig', {
      image: [image, WORD],
      options: [options, IMAGE_CONFIG_OPTIONS],
      signal: [signal, optional(SIGNAL)],
    });
    return resolveImageConfig(this.#init.request, this.caps, normalizeReference(image), options, signal);
  }

  /** What is known of a source before it is fetched: a digest, a commit, a file's name. Engines from 0.13. */
  async resolveSourceMeta(
    identifier: string,
    options: SourceMetaOptions = {},
    signal?: AbortSignal,
  ): Promise<SourceMeta> {
    checkArguments('resolveSourceMeta', {
      identifier: [identifier, WORD],
      options: [options, SOURCE_META_OPTIONS],
      signal: [signal, optional(SIGNAL)],
    });
    this.caps.require('source.metaresolver', 'asking for the metadata of a source');
    if (options.attestations !== undefined) {
      this.caps.require('source.metaresolver.image.attestations', 'asking for what attests an image');
    }
    if (options.checksum !== undefined) {
      this.caps.require('source.metaresolver.http.checksumrequest', 'asking for the checksum of a source');
    }
    return resolveSourceMeta(this.#init.request, identifier, options, signal);
  }

  /** The whole content of a file. */
  async readFile(ref: Reference, path: string, range?: FileRange, signal?: AbortSignal): Promise<Uint8Array> {
    checkFile('readFile', ref, path, { range: [range, optional(FILE_RANGE)] }, signal);
    return this.#files.read(filesOf(ref), path, range, signal);
  }

  /** What is in a directory, not deeper. */
  async readDir(ref: Reference, path: string, pattern?: string, signal?: AbortSignal): Promise<readonly FileEntry[]> {
    checkFile('readDir', ref, path, { pattern: [pattern, optional(TEXT)] }, signal);
    return this.#files.list(filesOf(ref), path, pattern, signal);
  }

  async statFile(ref: Reference, path: string, signal?: AbortSignal): Promise<FileEntry> {
    checkFile('statFile', ref, path, {}, signal);
    return this.#files.stat(filesOf(ref), path, signal);
  }

  /** Adds a warning to the build's news. Dropped by engines before 0.10. */
  async warn(warning: GatewayWarning, signal?: AbortSignal): Promise<void> {
    checkArguments('warn', { warning: [warning, WARNING], signal: [signal, optional(SIGNAL)] });
    if (!this.caps.has('gateway.warnings')) return;
    const { source } = warning;
    await this.#init.request<WarnRequest, WarnResponse>(
      LLBBridgeService.warn,
      {
        digest: warning.vertex,
        level: BigInt(warning.level ?? 1),
        short: Buffer.from(warning.message),
        detail: (warning.details ?? []).map((detail) => Buffer.from(detail)),
        url: warning.url ?? '',
        info:
          source === undefined
            ? undefined
            : { filename: source.file, data: source.data, definition: undefined, language: '' },
        ranges: [...(source?.ranges ?? [])],
      },
      signal,
    );
  }

  /** Makes a container of results; it lives until it is released, or the build ends. */
  async newContainer(options: ContainerOptions, signal?: AbortSignal): Promise<Container> {
    checkArguments('newContainer', { options: [options, CONTAINER_OPTIONS], signal: [signal, optional(SIGNAL)] });
    this.caps.require('gateway.exec', 'running a container in a build');
    const host = { ...this.#init, caps: this.caps, files: this.#files };
    return Container.create(host, options, signal);
  }
}

/** What the calls for a file take. */
function checkFile(
  name: string,
  ref: unknown,
  path: unknown,
  given: Readonly<Record<string, readonly [unknown, Form]>>,
  signal: unknown,
): void {
  checkArguments(name, { ref: [ref, REFERENCE], path: [path, TEXT], ...given, signal: [signal, optional(SIGNAL)] });
}

/** Whose files a reference stands for. */
function filesOf(ref: Reference): FileOwner {
  return { kind: 'result', id: ref.id };
}

function references(result: GatewayResult): readonly Reference[] {
  const all = result.refs.kind === 'one' ? [result.refs.ref] : [...result.refs.refs.values()];
  return all.filter((ref) => ref !== undefined);
}

function solveRequest(options: GatewaySolveOptions, evaluate: boolean): Uint8Array {
  const writer = SolveRequest.encode({
    Definition: undefined,
    Frontend: options.frontend ?? '',
    FrontendOpt: frontendAttributes(options),
    allowResultReturn: true,
    allowResultArrayRef: true,
    Final: false,
    ExporterAttr: new Uint8Array(),
    CacheImports: (options.cacheImports ?? []).map(cacheMessage),
    FrontendInputs: new Map(),
    Evaluate: evaluate,
    SourcePolicies: [...(options.sourcePolicies ?? [])],
  });
  return withDefinitions(writer, { definition: 1, inputs: 13 }, options);
}
