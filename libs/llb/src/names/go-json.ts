const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * A list of strings as Go's JSON encoder writes it: no blanks, and `<`, `>`, `&`, U+2028 and U+2029 as escapes. Ops hold such
 * lists as attributes, so the digests depend on it.
 */
export function goJsonStringArray(list: readonly string[]): string {
  return `[${list.map(goJsonString).join(',')}]`;
}

/** A string as Go's JSON encoder writes it. What can't be UTF-8 (half of a surrogate pair) becomes `\ufffd`. */
export function goJsonString(text: string): string {
  const escaped = text.replace(/["\\<>&\u0000-\u001f\u2028\u2029]/g, (character) => {
    return escapes.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped.replace(/\p{Surrogate}/gu, '\\ufffd')}"`;
}
