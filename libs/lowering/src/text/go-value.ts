/**
 * The values that Go code sees in formats and templates: a `string`, an `int`, a `float64`, a `bool`, a map of strings, or
 * nothing at all (`nil`, a missing field).
 */
export type GoValue = string | bigint | number | boolean | ReadonlyMap<string, string> | undefined;

/** The name of a value's type in Go. */
export function goTypeName(value: Exclude<GoValue, undefined>): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    default:
      return 'map[string]string';
  }
}
