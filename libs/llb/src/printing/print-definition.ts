import type { Digest } from '@hlb/names';
import type * as pb from '@hlb/proto/llb';
import type { Definition, MappedLocation } from '../definition/definition.js';
import { decodeOp } from '../encoding/op.js';
import { customNameKey, type VertexMetadata } from '../graph/vertex.js';
import { formatPlatform, platformOf } from '../names/platform.js';
import { opToJSON } from './op-json.js';
import { opName } from './op-name.js';

const namedByKind: ReadonlySet<string> = new Set(['merge', 'diff', 'build', 'passthrough']);

/** Hex digits of a digest that are shown: enough to tell the ops of a build apart. */
const shownDigits = 12;

/**
 * A definition for people: an op a paragraph, in order, named `#0`, `#1` … `#2:1` is output 1 of op 2. Ends with a newline.
 */
export function printDefinition(definition: Definition): string {
  if (definition.def.length === 0) {
    return 'scratch\n';
  }
  const places = new Map(definition.digests.map((digest, place) => [digest as string, place]));
  const lines = definition.def.flatMap((bytes, place) => {
    const digest = definition.digests[place];
    return digest === undefined ? [] : printOp(decodeOp(bytes), place, digest, definition, places);
  });
  return `${lines.join('\n')}\n`;
}

function printOp(
  op: pb.Op,
  place: number,
  digest: Digest,
  definition: Definition,
  places: ReadonlyMap<string, number>,
): readonly string[] {
  const input = (number: number): string => {
    const found = op.inputs[number];
    return found === undefined ? `input ${number}` : printInput(found, places);
  };
  const metadata = definition.metadata.get(digest);
  const custom = metadata?.description?.[customNameKey];
  const kind = op.op?.$case ?? '';
  const title = [`#${place}`, digest.slice('sha256:'.length).slice(0, shownDigits)];
  // The engine's names of some kinds begin with the kind.
  title.push(...(custom === undefined && namedByKind.has(kind) ? [] : [kind]), custom ?? opName(op, input));
  const lines = [
    title.filter((part) => part !== '').join(' '),
    ...detail(
      'inputs',
      op.inputs.map((_, number) => input(number)),
    ),
    ...detail('platform', op.platform === undefined ? [] : [printPlatform(op.platform)]),
    ...detail('filters', op.constraints?.filter ?? []),
    ...bodyLines(op),
    ...(metadata === undefined ? [] : metadataLines(metadata)),
    ...locationLines(definition, definition.source?.locations.get(digest) ?? []),
  ];
  return lines.map(printable);
}

function printInput(input: pb.Input, places: ReadonlyMap<string, number>): string {
  const place = places.get(input.digest);
  const name = place === undefined ? input.digest : `#${place}`;
  return input.index === 0n ? name : `${name}:${input.index}`;
}

function printPlatform(platform: pb.Platform): string {
  return formatPlatform(
    platformOf({
      os: platform.OS,
      architecture: platform.Architecture,
      variant: platform.Variant,
      osVersion: platform.OSVersion,
      osFeatures: platform.OSFeatures,
    }),
  );
}

/** A line a field of the op's message, and one an element of its lists. */
function bodyLines(op: pb.Op): readonly string[] {
  const json = opToJSON(op);
  const body = fieldsOf(op.op === undefined ? undefined : fieldsOf(json).get(op.op.$case));
  return [...body].flatMap(([key, value]) =>
    Array.isArray(value)
      ? value.map((element) => `   ${key}: ${JSON.stringify(element)}`)
      : [`   ${key}: ${JSON.stringify(value)}`],
  );
}

function fieldsOf(json: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof json === 'object' && json !== null ? Object.entries(json) : []);
}

function metadataLines(metadata: VertexMetadata): readonly string[] {
  const { ignoreCache, exportCache, progressGroup, linuxResources } = metadata;
  const described = Object.entries(metadata.description ?? {}).filter(([key]) => key !== customNameKey);
  return [
    ...detail('caps', metadata.caps),
    ...described.map(([key, value]) => `   ${key}: ${JSON.stringify(value)}`),
    ...detail('ignore cache', ignoreCache === true ? ['yes'] : []),
    ...detail('export cache', exportCache === undefined ? [] : [exportCache ? 'yes' : 'no']),
    ...detail('progress group', progressGroup === undefined ? [] : [progressGroup.name]),
    ...detail(
      'resources',
      Object.entries(linuxResources ?? {}).map(([key, value]) => `${key}=${value}`),
    ),
  ];
}

function locationLines(definition: Definition, locations: readonly MappedLocation[]): readonly string[] {
  return locations.flatMap(({ sourceIndex, ranges }) => {
    const filename = definition.source?.infos[sourceIndex]?.filename ?? '?';
    return ranges.map(
      ({ start, end }) => `   at ${filename}:${start.line}:${start.character}-${end.line}:${end.character}`,
    );
  });
}

function detail(label: string, values: readonly string[]): readonly string[] {
  return values.length === 0 ? [] : [`   ${label}: ${values.join(' ')}`];
}

/** Control characters as escapes, so that a text stays on its line and tells a terminal nothing. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    return character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
