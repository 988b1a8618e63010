import { type Diagnostic, diagnostic, type Span } from '@hlb/diagnostics';
import { type Definition, decodeOp, definitionBytes, opName } from '@hlb/llb';
import { LoweringProblem } from '../problem.js';

/** The largest message that engines take: gRPC's limit as BuildKit sets it. */
const messageLimit = 16 * 1024 * 1024;
/** What a request holds beside definitions and the texts that are counted: the session's id, exporters, imports of caches. */
const besideRequest = 64 * 1024;
/** Names and lengths of fields around a definition or a text. */
const aroundField = 32;
/** At most this many bytes stand beside an op for its capabilities, its name and one place in a source. */
const besideOp = 1024;
/** At most this many bytes are a place in a source. */
const besidePlace = 32;

/** A part of a request: what an engine is sent in one message with the others. */
export interface RequestPart {
  /** For messages: `the input "src"`. */
  readonly name: string;
  readonly definition: Definition;
}

/**
 * The definitions of a request that fits into one message, as they go over the wire together. Places in sources are only for messages
 * of engines, and are left out where they are what is too much.
 *
 * @param what names the request
 * @param beside bytes of the texts that go with them: attributes of a frontend, configs of images
 * @throws {LoweringProblem} for one that is too big all the same
 */
export function fitRequest(
  parts: readonly RequestPart[],
  beside: number,
  what: string,
  at: Span | undefined,
): readonly Definition[] {
  const limit = messageLimit - besideRequest - beside - parts.length * aroundField;
  const definitions = parts.map(({ definition }) => definition);
  const exact = (all: readonly Definition[]): readonly number[] => all.map((one) => definitionBytes(one).length);
  if (sum(definitions.map(atMost)) < limit || sum(exact(definitions)) <= limit) return definitions;
  const bare = definitions.map(({ source: _, ...rest }) => rest);
  const sizes = exact(bare);
  if (sum(sizes) <= limit) return bare;
  throw new LoweringProblem(tooBig(parts, sizes, beside, what, at));
}

/** How many bytes texts take in a request, each with what stands around it. */
export function textBytes(texts: Iterable<string>): number {
  let size = 0;
  for (const text of texts) size += Buffer.byteLength(text) + aroundField;
  return size;
}

const bounds = new WeakMap<Definition, number>();

/** No more than this many bytes are a definition, or more than fit into a message; found without writing it, once. */
function atMost(definition: Definition): number {
  const known = bounds.get(definition);
  if (known !== undefined) return known;
  const ops = opBytes(definition) + definition.def.length * besideOp;
  const { source } = definition;
  const size = source === undefined || ops > messageLimit ? ops : ops + sourceSize(source);
  bounds.set(definition, size);
  return size;
}

function opBytes({ def }: Definition): number {
  return def.reduce((size, bytes) => size + bytes.length, 0);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all + size, 0);
}

/** About how many bytes places in sources take, with the texts of their files. */
function sourceSize({ infos, locations }: NonNullable<Definition['source']>): number {
  let size = infos.reduce((sum, { data }) => sum + data.length + 1024, 0);
  for (const places of locations.values()) size += places.length * besidePlace;
  return size;
}

function tooBig(
  parts: readonly RequestPart[],
  sizes: readonly number[],
  beside: number,
  what: string,
  at: Span | undefined,
): Diagnostic {
  const ops = parts.flatMap(({ definition }) => definition.def);
  const largest = ops
    .map((bytes) => ({ bytes, size: bytes.length }))
    .sort((a, b) => b.size - a.size)
    .slice(0, 3)
    .filter((op) => op.size > 64 * 1024)
    .map((op) => `${opName(decodeOp(op.bytes), () => '…').slice(0, 80)} (${mebibytes(op.size)})`);
  const each = parts
    .map(({ name }, index) => ({ name, size: sizes[index] ?? 0 }))
    .sort((a, b) => b.size - a.size)
    .map(({ name, size }) => `${name} (${mebibytes(size)})`);
  const texts = beside > 64 * 1024 ? ` Texts that go with it take ${mebibytes(beside)}.` : '';
  return diagnostic('HLB0524', {
    message: `the definition of ${what} takes ${mebibytes(sum(sizes) + beside)}, and engines take 16 MiB at most`,
    ...(at === undefined ? {} : { at }),
    notes: [
      ...(parts.length === 1
        ? []
        : [
            `It is sent with all its inputs at once: ${[...each.slice(0, 5), ...(each.length > 5 ? ['…'] : [])].join(', ')}.`,
          ]),
      `It has ${ops.length - parts.length} operations, which take ${mebibytes(sum(parts.map(({ definition }) => opBytes(definition))))}; what engines must know of each takes the rest.${texts}`,
      ...(largest.length === 0 ? [] : [`The largest: ${largest.join(', ')}.`]),
    ],
    helps: [
      largest.length === 0
        ? 'Do the same with fewer operations: one run with several commands, one copy of a directory.'
        : 'Take large files from a local instead of writing them into the program.',
    ],
  });
}

function mebibytes(bytes: number): string {
  return `${(bytes / (1024 * 1024)).toFixed(1)} MiB`;
}
