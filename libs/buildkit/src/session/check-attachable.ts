/*
 * Forms that a type checker would have asked for, where callers have none. What is registered is looked at when an engine asks for it,
 * long after and far from the mistake.
 */

/** @throws TypeError where one of the fields is no text */
export function checkTexts(of: string, value: object, ...fields: readonly string[]): void {
  for (const field of fields) {
    const found: unknown = Object(value) === value ? Reflect.get(value, field) : undefined;
    if (typeof found !== 'string') throw new TypeError(`${of} needs ${field}, a text`);
  }
}

/** @throws TypeError where a field is none of these words */
export function checkWord(of: string, value: object | undefined, field: string, words: readonly string[]): void {
  const found: unknown = Object(value) === value && value !== undefined ? Reflect.get(value, field) : undefined;
  if (typeof found !== 'string' || !words.includes(found)) {
    throw new TypeError(`${of} needs ${field}, one of ${words.map((word) => `'${word}'`).join(', ')}`);
  }
}
