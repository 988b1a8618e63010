/** The kinds of HLB's values. `option::NAME` is a list of options for calls of NAME. */
export type Kind = 'fs' | 'string' | 'int' | 'bool' | 'pipeline' | `option::${string}`;

export function isOptionKind(kind: Kind): kind is `option::${string}` {
  return kind.startsWith('option::');
}
