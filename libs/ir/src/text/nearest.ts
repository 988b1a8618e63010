/** The name that is most like another, where it is like enough to have been meant: one or two characters apart. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  const limit = name.length <= 3 ? 1 : 2;
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const other of names) {
    if (Math.abs(other.length - name.length) > limit) continue;
    const distance = editDistance(name, other);
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name: other, distance };
  }
  return best?.name;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
