import { decodeOp, encodeBody, encodeVertex } from '../encoding/op.js';
import { digestOf } from '../names/digest.js';
import type { Platform } from '../names/platform.js';
import { hasEqualInputs } from './equal-inputs.js';
import { InvalidOpError } from './invalid-op.js';
import { metadataOf, type OpOptions } from './op-options.js';
import type { SourceLocation } from './source-location.js';
import type {
  BodyOf,
  LinuxResources,
  OpBody,
  OpBytes,
  OpKind,
  Output,
  Vertex,
  VertexConstraints,
  VertexMetadata,
  VertexOf,
} from './vertex.js';

const noFilters: VertexConstraints = { filters: [] };
const noLocations: readonly SourceLocation[] = [];

/**
 * A vertex of an op. It is kept as bytes, and not as the message that they are made of: of a large graph the messages would be most of
 * the objects.
 */
export class OpNode<Kind extends OpKind> implements VertexOf<Kind> {
  readonly kind: Kind;
  readonly bytes: OpBytes;
  readonly inputs: readonly Output[];
  readonly traversal: readonly Output[];
  readonly platform: Platform | undefined;
  readonly constraints: VertexConstraints;
  readonly metadata: VertexMetadata;
  readonly locations: readonly SourceLocation[];
  /** The last walk over a graph that came by. */
  walk = 0;

  constructor(
    {
      kind,
      bytes,
      inputs,
      traversal,
      platform,
      constraints,
    }: Omit<VertexOf<Kind>, 'op' | 'metadata' | 'locations' | 'with'>,
    metadata: VertexMetadata,
    locations: readonly SourceLocation[],
  ) {
    this.kind = kind;
    this.bytes = bytes;
    this.inputs = inputs;
    this.traversal = traversal;
    this.platform = platform;
    this.constraints = constraints;
    this.metadata = metadata;
    this.locations = locations;
  }

  with(metadata: VertexMetadata, locations: readonly SourceLocation[]): OpNode<Kind> {
    return new OpNode(this, metadata, locations);
  }

  get op(): BodyOf<Kind> {
    const { op } = decodeOp(this.bytes.bytes);
    if (!isOf(op, this.kind)) throw new InvalidOpError(`the bytes of a vertex are no ${this.kind}`);
    return op;
  }
}

function isOf<Kind extends OpKind>(body: OpBody | undefined, kind: Kind): body is BodyOf<Kind> {
  return body?.$case === kind;
}

/** Makes the vertex of an op. */
export function opVertex<Kind extends OpKind>(
  kind: Kind,
  body: BodyOf<Kind>,
  options: OpOptions,
  caps: readonly string[],
  inputs: readonly Output[],
  more: { readonly traversal?: readonly Output[]; readonly linuxResources?: LinuxResources | undefined } = {},
): OpNode<Kind> {
  const op = {
    kind,
    bytes: opBytes(kind, body, options, inputs),
    inputs,
    traversal: more.traversal ?? inputs,
    platform: options.platform,
    constraints: options.filters === undefined ? noFilters : { filters: [...options.filters] },
  };
  return new OpNode(op, metadataOf(options, caps, more.linuxResources), options.locations ?? noLocations);
}

function opBytes(
  kind: OpKind,
  body: OpBody,
  { platform, filters = noFilters.filters }: OpOptions,
  inputs: readonly Output[],
): OpBytes {
  const hasPlatform = saysPlatform(body);
  const isFixed = (platform !== undefined || !hasPlatform) && inputs.every(({ vertex }) => digestOfAll(vertex) !== '');
  if (!isFixed || hasEqualInputs(kind, inputs, digestOfAll)) {
    return { bytes: encodeBody(body), bodyStart: 0, digest: undefined, hasPlatform, first: undefined };
  }
  const { bytes, bodyStart } = encodeVertex(inputs, digestOfAll, hasPlatform ? platform : undefined, filters, body);
  return { bytes, bodyStart, digest: digestOf(bytes), hasPlatform, first: undefined };
}

/** The digest that a vertex has in every definition; empty where it depends on the definition. */
function digestOfAll(vertex: Vertex): string {
  return (vertex.kind === 'verbatim' ? vertex.digest : vertex.bytes.digest) ?? '';
}

function saysPlatform(body: OpBody): boolean {
  switch (body.$case) {
    case 'exec':
    case 'build':
      return true;
    case 'source':
      return body.value.identifier.startsWith('docker-image://') || body.value.identifier.startsWith('oci-layout://');
    case 'file':
    case 'merge':
    case 'diff':
    case 'passthrough':
      return false;
  }
}
