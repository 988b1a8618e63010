/** The kinds of HLB's values. `option::NAME` is a list of options for calls of NAME. */
export type Kind = 'fs' | 'string' | 'int' | 'bool' | 'pipeline' | `option::${string}`;

export function isOptionKind(kind: string): kind is `option::${string}` {
  return kind.startsWith('option::');
}

/** The kind that a type word stands for: `group` is the old spelling of `pipeline`; `undefined` for any other identifier. */
export function kindOfWord(word: string): Kind | undefined {
  // The strings of this file in place of the program's own: kinds are compared all the time, and equal strings at once if they are the same.
  switch (word) {
    case 'fs':
      return 'fs';
    case 'string':
      return 'string';
    case 'int':
      return 'int';
    case 'bool':
      return 'bool';
    case 'pipeline':
    case 'group':
      return 'pipeline';
    default:
      return isOptionKind(word) && word.length > 'option::'.length ? word : undefined;
  }
}

/** A kind in a sentence, with its article: ``an `fs` ``, ``a `string` ``. */
export function kindPhrase(kind: string): string {
  return `${/^[aeiou]|^fs$/.test(kind) ? 'an' : 'a'} \`${kind}\``;
}

/** Kinds as a choice: ``a `bool`, an `int` or a `string` ``. */
export function kindChoice(kinds: readonly string[]): string {
  const all = kinds.map(kindPhrase);
  const last = all.pop() ?? 'nothing';
  return all.length === 0 ? last : `${all.join(', ')} or ${last}`;
}
