import { type GoValue, goTypeName } from '../go-value.js';
import { executionError } from './error.js';

/** The length in Go's terms: of a text its bytes, of a map its entries. */
export function lengthOf(value: GoValue): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (typeof value === 'object') return BigInt(value.size);
  throw executionError(value === undefined ? 'len of nil pointer' : `len of type ${goTypeName(value)}`);
}

/** `index x 1 2` is `x[1][2]`: entries of a map, bytes of a text. */
export function indexValue(value: GoValue, places: readonly GoValue[]): GoValue {
  let found = value;
  if (found === undefined) throw executionError('index of untyped nil');
  for (const place of places) {
    if (typeof found === 'object') {
      if (typeof place !== 'string') throw executionError(`value has type ${typeName(place)}; should be string`);
      found = found.get(place) ?? '';
    } else if (typeof found === 'string') {
      const bytes = Buffer.from(found);
      const at = placeIn(place, bytes.length, bytes.length - 1);
      found = BigInt(bytes[at] ?? 0);
    } else {
      throw executionError(`can't index item of type ${typeName(found)}`);
    }
  }
  return found;
}

/** `slice x 1 2` is `x[1:2]`, of a text's bytes. */
export function sliceValue(value: GoValue, places: readonly GoValue[]): GoValue {
  if (typeof value !== 'string') {
    throw executionError(
      value === undefined ? 'slice of untyped nil' : `can't slice item of type ${goTypeName(value)}`,
    );
  }
  if (places.length > 2) throw executionError('cannot 3-index slice a string');
  const bytes = Buffer.from(value);
  const [from = 0, to = bytes.length] = places.map((place) => placeIn(place, bytes.length, bytes.length));
  if (from > to) throw executionError(`invalid slice index: ${from} > ${to}`);
  return bytes.subarray(from, to).toString();
}

function placeIn(place: GoValue, length: number, last: number): number {
  if (typeof place !== 'bigint') throw executionError(`cannot index slice/array with type ${typeName(place)}`);
  if (place < 0n || place > BigInt(last)) throw executionError(`index out of range: ${place} of ${length}`);
  return Number(place);
}

function typeName(value: GoValue): string {
  return value === undefined ? 'nil' : goTypeName(value);
}
