import { type Definition, type Digest, digestOf, parseDigest } from '@hlb/llb';

/**
 * The digest under which copies of a module are kept: of the last op of the definition that gives it. It covers all inputs, but not what
 * a tag or a branch points to. `undefined` for scratch.
 *
 * The copies were first made with a client that wrote the fields of an op in the order of their numbers, and their names stay valid: so
 * the ops are written in that order here, each with the digests of its inputs in that form.
 */
export function vendorDigest({ def, digests }: Definition): Digest | undefined {
  const byNumber = new Map<string, Digest>();
  let last: Digest | undefined;
  // The terminal op comes last, and is no part of what is built.
  for (const [place, bytes] of def.slice(0, -1).entries()) {
    last = digestOf(inNumberOrder(bytes, byNumber));
    const canonical = digests[place];
    if (canonical !== undefined) byNumber.set(canonical, last);
  }
  return last;
}

/** A digest as the folders of vendored modules are named: algorithm, first two digits, all digits. */
export function digestFolders(digest: Digest): readonly [string, string, string] {
  const parsed = parseDigest(digest);
  const colon = parsed.indexOf(':');
  const hex = parsed.slice(colon + 1);
  return [parsed.slice(0, colon), hex.slice(0, 2), hex];
}

/** Field number of an op's inputs; each holds a digest (1) and the number of an output (2). */
const INPUTS = 1;
/** A digest's text: `sha256:` and 64 digits. */
const DIGEST_LENGTH = 71;

function inNumberOrder(bytes: Uint8Array, digests: ReadonlyMap<string, Digest>): Uint8Array {
  const fields: { readonly number: number; readonly bytes: Uint8Array }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = varint(bytes, at);
    const length = varint(bytes, tag.end);
    const end = length.end + length.value;
    const number = tag.value >>> 3;
    const field = bytes.slice(at, end);
    if (number === INPUTS) renameInput(field.subarray(length.end - at), digests);
    fields.push({ number, bytes: field });
    at = end;
  }
  fields.sort((a, b) => a.number - b.number);
  return Buffer.concat(fields.map((field) => field.bytes));
}

/** Writes the other digest of an input in place: both have the same length, which stands before it with the field's number. */
function renameInput(input: Uint8Array, digests: ReadonlyMap<string, Digest>): void {
  const text = input.subarray(2, 2 + DIGEST_LENGTH);
  const renamed = digests.get(Buffer.from(text).toString('latin1'));
  if (renamed !== undefined) text.set(Buffer.from(renamed, 'latin1'));
}

/** Every field of an op is a message, so that its tag and its length are all that stands between them. */
function varint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start, shift = 1; ; at += 1, shift *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * shift;
    if (byte < 0x80) return { value, end: at + 1 };
  }
}
