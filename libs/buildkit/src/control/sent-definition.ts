import { type Definition, encodeDefinition, file, marshal } from '@hlb/llb';
import type { Definition as DefinitionMessage } from '@hlb/proto/llb';

/**
 * How much source text the places of one op may bring along (bytes). An engine repeats a file's whole text for each place of the
 * op that failed, twice in base64, in the trailers of the failed call. HTTP/2 in Node takes no header of more than 64 KiB: it stops
 * for good at one, without a word.
 */
const SOURCE_BYTES = 12 << 10;

/** The message of a definition as it is sent: without the text of its sources where an error could not carry it. */
export function sentDefinition(definition: Definition): DefinitionMessage {
  const message = encodeDefinition(definition);
  const source = message.Source;
  if (source === undefined) return message;
  const sizes = source.infos.map(({ data }) => data.length);
  const perOp = [...source.locations.values()].map(({ locations }) =>
    locations.reduce((sum, { sourceIndex }) => sum + (sizes[sourceIndex] ?? 0), 0),
  );
  if (perOp.every((bytes) => bytes <= SOURCE_BYTES)) return message;
  return {
    ...message,
    Source: { ...source, infos: source.infos.map((info) => ({ ...info, data: new Uint8Array() })) },
  };
}

/**
 * The message of a frontend's input. Engines from 0.24 refuse inputs without ops, which scratch has none of: what stands for it is a
 * directory that is as empty.
 */
export function sentInput(definition: Definition): DefinitionMessage {
  return definition.def.length === 0 ? encodeDefinition(EMPTY) : sentDefinition(definition);
}

// Root is there already; the op leaves it as it is, on every platform.
const EMPTY = marshal(
  file({ base: undefined, actions: [{ kind: 'mkdir', path: '/', mode: 0o755, makeParents: true }] }),
  {
    platform: { os: 'linux', architecture: 'amd64' },
  },
);
