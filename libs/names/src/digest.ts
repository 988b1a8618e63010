/** An algorithm and a lower-case hex hash, `sha256:…`. */
export type Digest = string & { readonly __brand: 'Digest' };

/** Characters of the hash in hex, by algorithm: those that BuildKit and registries know. */
const hexLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** Whether a text is a digest as engines take it. */
export function isDigest(text: string): text is Digest {
  return digestProblem(text) === undefined;
}

/** What is wrong with a digest, as the end of a sentence; `undefined` if nothing is. */
export function digestProblem(text: string): string | undefined {
  const colon = text.indexOf(':');
  if (colon === -1) return 'it must be an algorithm, a colon and hexadecimal digits';
  const algorithm = text.slice(0, colon);
  const hex = text.slice(colon + 1);
  const length = hexLengths.get(algorithm);
  if (length === undefined) return `\`${algorithm}\` is no known algorithm`;
  if (!/^[a-f0-9]*$/.test(hex)) return 'only the digits `0` to `9` and the letters `a` to `f` may follow the colon';
  if (hex.length !== length) return `\`${algorithm}\` has ${length} digits, here are ${hex.length}`;
  return undefined;
}
