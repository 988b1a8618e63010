import { type Diagnostic, diagnostic, type Span } from '@hlb/diagnostics';
import { type Definition, decodeOp, definitionBytes, opName } from '@hlb/llb';
import { LoweringProblem } from '../problem.js';

/** The largest message that engines take: gRPC's limit as BuildKit sets it, less what a request holds beside its definition. */
const limit = 16 * 1024 * 1024 - 64 * 1024;
/** At most this many bytes stand beside an op for its capabilities, its name and one place in a source. */
const besideOp = 1024;
/** At most this many bytes are a place in a source. */
const besidePlace = 32;

/**
 * A definition that fits into one message. Places in sources are only for messages of engines, and are left out where they are what is
 * too much.
 *
 * @throws {LoweringProblem} for one that is too big all the same
 */
export function fitDefinition(definition: Definition, what: string, at: Span | undefined): Definition {
  const ops = definition.def.reduce((sum, bytes) => sum + bytes.length, 0);
  const sources = definition.source === undefined ? 0 : sourceSize(definition.source);
  if (ops + definition.def.length * besideOp + sources < limit || definitionBytes(definition).length <= limit) {
    return definition;
  }
  const { source: _, ...bare } = definition;
  const size = definitionBytes(bare).length;
  if (size <= limit) return bare;
  throw new LoweringProblem(tooBig(bare, what, size, ops, at));
}

/** About how many bytes places in sources take, with the texts of their files. */
function sourceSize({ infos, locations }: NonNullable<Definition['source']>): number {
  let size = infos.reduce((sum, { data }) => sum + data.length + 1024, 0);
  for (const places of locations.values()) size += places.length * besidePlace;
  return size;
}

function tooBig(definition: Definition, what: string, size: number, ops: number, at: Span | undefined): Diagnostic {
  const largest = definition.def
    .map((bytes) => ({ bytes, size: bytes.length }))
    .sort((a, b) => b.size - a.size)
    .slice(0, 3)
    .filter((op) => op.size > 64 * 1024)
    .map((op) => `${opName(decodeOp(op.bytes), () => '…').slice(0, 80)} (${mebibytes(op.size)})`);
  return diagnostic('HLB0524', {
    message: `the definition of ${what} takes ${mebibytes(size)}, and engines take 16 MiB at most`,
    ...(at === undefined ? {} : { at }),
    notes: [
      `It has ${definition.def.length - 1} operations, which take ${mebibytes(ops)}; what engines must know of each takes the rest.`,
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
