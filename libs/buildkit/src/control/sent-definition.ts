import { type Definition, definitionBytes, file, marshal } from '@hlb/llb';

/**
 * How much source text the places of one op may bring along (bytes). An engine repeats a file's whole text for each place of the
 * op that failed, twice in base64, in the trailers of the failed call. HTTP/2 in Node takes no header of more than 64 KiB: it stops
 * for good at one, without a word.
 */
const SOURCE_BYTES = 12 << 10;

/** The bytes of a definition as they are sent: without the text of its sources where an error could not carry it. */
export function sentDefinition(definition: Definition): Uint8Array {
  const { source } = definition;
  if (source === undefined || isShort(source)) return definitionBytes(definition);
  const infos = source.infos.map((info) => ({ ...info, data: new Uint8Array() }));
  return definitionBytes({ ...definition, source: { ...source, infos } });
}

function isShort({ infos, locations }: NonNullable<Definition['source']>): boolean {
  const sizes = infos.map(({ data }) => data.length);
  for (const places of locations.values()) {
    if (places.reduce((sum, { sourceIndex }) => sum + (sizes[sourceIndex] ?? 0), 0) > SOURCE_BYTES) return false;
  }
  return true;
}

/**
 * The bytes of a frontend's input. Engines from 0.24 refuse inputs without ops, which scratch has none of: what stands for it is a
 * directory that is as empty.
 */
export function sentInput(definition: Definition): Uint8Array {
  return definition.def.length === 0 ? definitionBytes(EMPTY) : sentDefinition(definition);
}

// Root is there already; the op leaves it as it is, on every platform.
const EMPTY = marshal(
  file({ base: undefined, actions: [{ kind: 'mkdir', path: '/', mode: 0o755, makeParents: true }] }),
  {
    platform: { os: 'linux', architecture: 'amd64' },
  },
);
