import type { Definition } from '@hlb/llb';
import { type CacheOptionsEntry, SolveRequest } from '@hlb/proto/control';
import type { Policy } from '@hlb/proto/sourcepolicy';
import { sentDefinition, sentInput } from './sent-definition.js';

/** Text values by name. */
export type Attributes = ReadonlyMap<string, string>;

/** What becomes of a result: the engine's name of the exporter (`image`, `local`, `tar`, `oci`, `docker`, `moby`), its attributes. */
export interface Exporter {
  readonly type: string;
  readonly attrs?: Attributes;
}

/** A cache to import or export: `registry`, `local`, `inline`, `gha`, `s3`, `azblob`, with its attributes. */
export interface CacheEntry {
  readonly type: string;
  readonly attrs?: Attributes;
}

/** What an engine is asked for. With neither a definition nor a frontend, the client is the frontend (see `openGateway`). */
export interface SolveOptions {
  /** The build's id, unique on the engine; made up where absent. */
  readonly ref?: string;
  /**
   * The graph to solve. One without ops is scratch. The text of its source files is left out where they are long: an error could not
   * carry it.
   */
  readonly definition?: Definition;
  /** Instead of a definition: `dockerfile.v0`, or `gateway.v0` for an image. */
  readonly frontend?: string;
  readonly frontendAttrs?: Attributes;
  readonly frontendInputs?: ReadonlyMap<string, Definition>;
  /** The id of an open session. */
  readonly session?: string;
  /** With their places as ids. More than one needs an engine with the capability `exporter.multiple`. */
  readonly exporters?: readonly Exporter[];
  readonly cacheImports?: readonly CacheEntry[];
  readonly cacheExports?: readonly CacheEntry[];
  /** `network.host`, `security.insecure`, `device…`. */
  readonly entitlements?: readonly string[];
  /** Leaves the build out of the engine's history. */
  readonly internal?: boolean;
  readonly sourcePolicy?: Policy;
  /** The session that decides on sources (engines from 0.26). */
  readonly sourcePolicySession?: string;
  /** Asks the session for more exporters when the build is done (engines from 0.21). */
  readonly enableSessionExporter?: boolean;
  /** Freezes defaults and output bytes to those of a release (engines from 0.30); 0: the engine's own. */
  readonly compatibilityVersion?: bigint;
  /** Sends what commands do on the network through the engine's proxy (engines from 0.31). */
  readonly proxyNetwork?: boolean;
}

/**
 * The bytes of a request. Definitions are written as they are measured, and stand behind the other fields, which engines read in
 * whatever order: messages of large ones would take longer to make than all the rest.
 */
export function solveRequest(ref: string, options: SolveOptions): Uint8Array {
  const exporters = (options.exporters ?? []).map(({ type, attrs }) => ({ Type: type, Attrs: new Map(attrs) }));
  const writer = SolveRequest.encode({
    Ref: ref,
    Definition: undefined,
    // Engines before 0.13 read these two; later ones read them only if the list is empty.
    ExporterDeprecated: exporters[0]?.Type ?? '',
    ExporterAttrsDeprecated: exporters[0]?.Attrs ?? new Map(),
    Session: options.session ?? '',
    Frontend: options.frontend ?? '',
    FrontendAttrs: frontendAttributes(options),
    Cache: {
      ExportRefDeprecated: '',
      ImportRefsDeprecated: [],
      ExportAttrsDeprecated: new Map(),
      Exports: (options.cacheExports ?? []).map(cacheMessage),
      Imports: (options.cacheImports ?? []).map(cacheMessage),
    },
    Entitlements: [...(options.entitlements ?? [])],
    FrontendInputs: new Map(),
    Internal: options.internal ?? false,
    SourcePolicy: options.sourcePolicy,
    Exporters: exporters,
    EnableSessionExporter: options.enableSessionExporter ?? false,
    SourcePolicySession: options.sourcePolicySession ?? '',
    CompatibilityVersion: options.compatibilityVersion ?? 0n,
    ProxyNetwork: options.proxyNetwork ?? false,
  });
  return withDefinitions(writer, { definition: 2, inputs: 10 }, options);
}

/** The writer of a message's bytes. */
type MessageWriter = ReturnType<typeof SolveRequest.encode>;

/**
 * A request with the definitions that go with it.
 * @param fields the numbers of their fields in the message
 */
export function withDefinitions(
  writer: MessageWriter,
  fields: { readonly definition: number; readonly inputs: number },
  { definition, frontendInputs }: Pick<SolveOptions, 'definition' | 'frontendInputs'>,
): Uint8Array {
  if (definition !== undefined) writer.uint32(delimited(fields.definition)).bytes(sentDefinition(definition));
  for (const [name, input] of frontendInputs ?? []) {
    writer.uint32(delimited(fields.inputs)).fork();
    writer.uint32(delimited(1)).string(name);
    writer.uint32(delimited(2)).bytes(sentInput(input)).join();
  }
  return writer.finish();
}

/** The tag of a field that has a length. */
function delimited(field: number): number {
  return field * 8 + 2;
}

/**
 * The attributes of a frontend. It solves by itself, and so learns in one of them which caches to import; the engine's own list of
 * them counts for definitions.
 */
export function frontendAttributes({
  frontend = '',
  frontendAttrs,
  cacheImports = [],
}: Pick<SolveOptions, 'frontend' | 'frontendAttrs' | 'cacheImports'>): Map<string, string> {
  const attrs = new Map(frontendAttrs);
  if (frontend === '' || cacheImports.length === 0 || attrs.has(CACHE_IMPORTS)) return attrs;
  const entries = cacheImports.map(({ type, attrs: of = new Map() }) => ({
    Type: type,
    Attrs: Object.fromEntries(of),
  }));
  return attrs.set(CACHE_IMPORTS, JSON.stringify(entries));
}

const CACHE_IMPORTS = 'cache-imports';

/** The message of a cache entry. */
export function cacheMessage({ type, attrs }: CacheEntry): CacheOptionsEntry {
  return { Type: type, Attrs: new Map(attrs) };
}
