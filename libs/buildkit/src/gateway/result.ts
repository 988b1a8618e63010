import { type Definition, decodeDefinition, InvalidDefinitionError } from '@hlb/llb';
import type { Attestation, Ref, Result as ResultMessage } from '@hlb/proto/gateway';
import { BuildkitError } from '../errors/buildkit-error.js';

/** A file system of a gateway build, alive as long as that build. Nothing of it is built before somebody reads or exports it. */
export interface Reference {
  readonly id: string;
  /** The graph that makes it; absent in the answers of engines before 0.8. */
  readonly definition?: Definition;
}

/** What a gateway build gave, or gives back. */
export interface GatewayResult {
  /** Its one file system, or one by platform. `undefined` stands for scratch. */
  readonly refs:
    | { readonly kind: 'one'; readonly ref: Reference | undefined }
    | { readonly kind: 'platforms'; readonly refs: ReadonlyMap<string, Reference | undefined> };
  /** `containerimage.config` and others, by their names. */
  readonly metadata: ReadonlyMap<string, Uint8Array>;
  /** By the keys of the platforms. */
  readonly attestations: ReadonlyMap<string, readonly Attestation[]>;
}

/** A result from a message. */
export function readResult(message: ResultMessage | undefined): GatewayResult {
  const attestations = [...(message?.attestations ?? [])].map(([key, { attestation }]) => [key, attestation] as const);
  return {
    refs: readRefs(message?.result),
    metadata: message?.metadata ?? new Map(),
    attestations: new Map(attestations),
  };
}

/** The message of a result. */
export function resultMessage(result: GatewayResult): ResultMessage {
  const { refs, metadata, attestations } = result;
  const message: ResultMessage['result'] =
    refs.kind === 'one'
      ? { $case: 'ref', value: refMessage(refs.ref) }
      : { $case: 'refs', value: { refs: new Map([...refs.refs].map(([key, ref]) => [key, refMessage(ref)])) } };
  return {
    result: message,
    metadata: new Map(metadata),
    attestations: new Map([...attestations].map(([key, list]) => [key, { attestation: [...list] }])),
  };
}

/** The result of a build that gives nothing. */
export const EMPTY_RESULT: GatewayResult = {
  refs: { kind: 'one', ref: undefined },
  metadata: new Map(),
  attestations: new Map(),
};

function readRefs(result: ResultMessage['result']): GatewayResult['refs'] {
  switch (result?.$case) {
    case undefined:
      return { kind: 'one', ref: undefined };
    case 'ref':
      return { kind: 'one', ref: readRef(result.value) };
    case 'refs':
      return { kind: 'platforms', refs: new Map([...result.value.refs].map(([key, ref]) => [key, readRef(ref)])) };
    case 'refDeprecated':
      return { kind: 'one', ref: bareRef(result.value) };
    case 'refsDeprecated':
      return { kind: 'platforms', refs: new Map([...result.value.refs].map(([key, id]) => [key, bareRef(id)])) };
    default:
      return unreachable(result);
  }
}

function readRef({ id, def }: Ref): Reference | undefined {
  if (id === '') return undefined;
  if (def === undefined) return { id };
  try {
    return { id, definition: decodeDefinition(def) };
  } catch (cause) {
    if (!(cause instanceof InvalidDefinitionError)) throw cause;
    throw new BuildkitError(`the engine gave a broken definition: ${cause.message}`, { code: 'INTERNAL' }, { cause });
  }
}

function bareRef(id: string): Reference | undefined {
  return id === '' ? undefined : { id };
}

function refMessage(ref: Reference | undefined): Ref {
  return { id: ref?.id ?? '', def: undefined };
}

function unreachable(value: never): never {
  throw new TypeError(`unknown result ${JSON.stringify(value)}`);
}
