import { list, number, parseJson, record, text, texts } from './foreign-json.js';

/** A place in a source file that a frontend or client put into its LLB, as the engine reports it. */
export interface ErrorSource {
  readonly file: string;
  /** `Dockerfile`, `HLB`, …; empty where the engine does not say. */
  readonly language: string;
  /** The file's content. */
  readonly data: Uint8Array;
  /** As in LLB: lines count from 1; characters as the frontend counted them, usually from 0. */
  readonly ranges: readonly SourceRange[];
}

export interface SourceRange {
  readonly start: SourcePosition;
  readonly end: SourcePosition;
}

export interface SourcePosition {
  readonly line: number;
  readonly character: number;
}

/** The op that failed, with results that a container of the same gateway build can mount. */
export interface FailedSolve {
  readonly inputIds: readonly string[];
  /** In the order of the exec's mounts. */
  readonly mountIds: readonly string[];
  readonly description: ReadonlyMap<string, string>;
  /** The op, in protobuf's JSON form; `undefined` where the engine does not say. */
  readonly op?: unknown;
  /** The action of a file op that failed. */
  readonly fileAction?: number;
  /** The output of the op whose cache could not be worked out. */
  readonly cacheOutput?: number;
}

/** A stack of the engine's own code: for reports of its bugs. */
export interface EngineStack {
  readonly frames: readonly { readonly name: string; readonly file: string; readonly line: number }[];
  readonly version: string;
  /** The engine's source revision; empty where it does not say. */
  readonly revision: string;
  readonly command: readonly string[];
  readonly pid?: number;
}

/** A source that a build's provenance can't vouch for. */
export interface IncompleteMaterial {
  readonly op: string;
  readonly name: string;
  readonly method: string;
  readonly uri: string;
  readonly finalUri: string;
  readonly reason: string;
}

/** What an engine attaches to an error. */
export interface ErrorDetails {
  /** Digests of the vertices that failed. */
  readonly vertices: readonly string[];
  readonly sources: readonly ErrorSource[];
  /** Of the process that failed. */
  readonly exitCode?: number;
  readonly solve?: FailedSolve;
  /** The frontend that failed. */
  readonly frontend?: { readonly name: string; readonly source: string };
  /** A capability of the frontend that it lacks, or a subrequest that it does not know. */
  readonly missing?: { readonly kind: 'frontend-capability' | 'subrequest'; readonly name: string };
  /** Why a source policy refused a source. */
  readonly denials?: readonly string[];
  /** What is not to be had with the release whose output a build asked for by its compatibility version. */
  readonly incompatible?: { readonly feature: string; readonly version: number };
  /** What of a build its provenance could not account for, where it had to. */
  readonly incompleteMaterials?: readonly IncompleteMaterial[];
  readonly stacks: readonly EngineStack[];
}

const NONE: ErrorDetails = { vertices: [], sources: [], stacks: [] };

/** One detail as it travels: a type URL whose last part is the name, and JSON. */
export interface RawDetail {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** Reads the details of a `google.rpc.Status`; kinds that are not known here are left out. */
export function readErrorDetails(details: readonly RawDetail[]): ErrorDetails {
  return details.reduce(addDetail, NONE);
}

function addDetail(all: ErrorDetails, detail: RawDetail): ErrorDetails {
  const name = detail.typeUrl.slice(detail.typeUrl.lastIndexOf('/') + 1).replace(/\+json$/, '');
  const json = record(parseJson(Buffer.from(detail.value).toString('utf8')));
  switch (name) {
    case 'errdefs.Vertex':
      return { ...all, vertices: [...all.vertices, text(json['digest'])] };
    case 'errdefs.Source':
      return { ...all, sources: [...all.sources, readSource(json)] };
    case 'errdefs.Solve':
      return { ...all, solve: readSolve(json) };
    case 'errdefs.Frontend':
      return { ...all, frontend: { name: text(json['name']), source: text(json['source']) } };
    case 'errdefs.FrontendCap':
      return { ...all, missing: { kind: 'frontend-capability', name: text(json['name']) } };
    case 'errdefs.Subrequest':
      return { ...all, missing: { kind: 'subrequest', name: text(json['name']) } };
    case 'gatewayapi.ExitMessage':
    case 'moby.buildkit.v1.frontend.ExitMessage':
      return { ...all, exitCode: number(json['Code']) ?? 0 };
    case 'policysession.DecisionResponse':
    case 'moby.buildkit.v1.sourcepolicy.policysession.DecisionResponse':
      return { ...all, denials: list(json['denyMessages']).map((message) => text(record(message)['message'])) };
    case 'errdefs.CompatibilityFeature':
      return { ...all, incompatible: { feature: text(json['feature']), version: number(json['version']) ?? 0 } };
    case 'errdefs.ProvenanceMaterialsIncomplete':
      return { ...all, incompleteMaterials: list(json['incomplete']).map(readMaterial) };
    case 'stack.Stack':
      return { ...all, stacks: [...all.stacks, readStack(json)] };
    default:
      return all;
  }
}

function readSource(json: Readonly<Record<string, unknown>>): ErrorSource {
  const info = record(json['info']);
  return {
    file: text(info['filename']),
    language: text(info['language']),
    data: Buffer.from(text(info['data']), 'base64'),
    ranges: list(json['ranges']).map((range) => {
      const { start, end } = record(range);
      return { start: readPosition(start), end: readPosition(end) };
    }),
  };
}

function readPosition(json: unknown): SourcePosition {
  const position = record(json);
  return { line: number(position['line']) ?? 0, character: number(position['character']) ?? 0 };
}

function readSolve(json: Readonly<Record<string, unknown>>): FailedSolve {
  const description = Object.entries(record(json['description'])).map(([key, value]) => [key, text(value)] as const);
  return {
    inputIds: texts(json['inputIDs']),
    mountIds: texts(json['mountIDs']),
    description: new Map(description),
    ...(json['op'] === undefined ? {} : { op: json['op'] }),
    ...(json['cache'] === undefined ? {} : { cacheOutput: number(record(json['cache'])['index']) ?? 0 }),
    ...(json['file'] === undefined ? {} : { fileAction: number(record(json['file'])['index']) ?? 0 }),
  };
}

function readMaterial(json: unknown): IncompleteMaterial {
  const { op, name, method, uri, final_uri, reason } = record(json);
  const finalUri = text(final_uri);
  return { op: text(op), name: text(name), method: text(method), uri: text(uri), finalUri, reason: text(reason) };
}

function readStack(json: Readonly<Record<string, unknown>>): EngineStack {
  const pid = number(json['pid']);
  return {
    frames: list(json['frames']).map((frame) => {
      const { Name, File, Line } = record(frame);
      return { name: text(Name), file: text(File), line: number(Line) ?? 0 };
    }),
    version: text(json['version']),
    revision: text(json['revision']),
    ...(pid === undefined ? {} : { pid }),
    command: texts(json['cmdline']),
  };
}
