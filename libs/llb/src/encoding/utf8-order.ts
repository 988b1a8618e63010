/** The entries of a map in the order of their keys' UTF-8 bytes. */
export function sortedEntries<V>(entries: ReadonlyMap<string, V>): Iterable<readonly [string, V]> {
  // As most maps of an op are.
  if (entries.size < 2) return entries;
  const sorted: (readonly [string, V])[] = [];
  for (const key of sortedUtf8(entries.keys())) {
    const value = entries.get(key);
    if (value !== undefined) sorted.push([key, value]);
  }
  return sorted;
}

/** The texts in the order of their UTF-8 bytes. */
export function sortedUtf8(texts: Iterable<string>): readonly string[] {
  const sorted = [...texts];
  if (sorted.length < 2) {
    return sorted;
  }
  // The order is that of the units where no unit is part of a pair or above those, and for that V8 has a fast comparison.
  return sorted.some((text) => /[\ud800-\uffff]/.test(text)) ? sorted.sort(compareUtf8) : sorted.sort();
}

/** Orders texts as their UTF-8 bytes, which is by code point; `<` on strings is by UTF-16 unit. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) {
      return rank(left) - rank(right);
    }
  }
  return a.length - b.length;
}

/** Puts surrogates, which are parts of code points above U+FFFF, after U+E000 to U+FFFF. */
function rank(unit: number): number {
  if (unit >= 0xe000) {
    return unit - 0x800;
  }
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}
