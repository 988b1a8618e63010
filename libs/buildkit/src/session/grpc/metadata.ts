/**
 * A call's request metadata, read from HTTP/2's raw header list: repeated keys stay separate values (Node's header object joins
 * them with `, `, which makes a pattern with a comma ambiguous).
 */
export class Metadata {
  readonly #values = new Map<string, string[]>();

  /** @param rawHeaders names and values in turns, as `node:http2` gives them. */
  constructor(rawHeaders: readonly string[]) {
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      const name = rawHeaders[i]?.toLowerCase() ?? '';
      if (name.startsWith(':')) continue;
      const value = decodeLatin1(rawHeaders[i + 1] ?? '');
      const values = this.#values.get(name);
      if (values) values.push(value);
      else this.#values.set(name, [value]);
    }
  }

  /** The first value of a key (lower case). */
  get(key: string): string | undefined {
    return this.#values.get(key)?.[0];
  }

  /** All values of a key, in order. */
  getAll(key: string): readonly string[] {
    return this.#values.get(key) ?? [];
  }

  /** All keys with their first values. */
  *entries(): Generator<readonly [string, string], void, undefined> {
    for (const [key, [first = '']] of this.#values) yield [key, first];
  }

  /**
   * All values of a key, decoded where the engine has set `<key>-encoded`: engines from 0.12 on query-escape all values of a key if
   * at least one of them isn't ASCII, and otherwise send them as they are, even with `%` or `+` in them.
   */
  getAllDecoded(key: string): readonly string[] {
    const values = this.getAll(key);
    return this.get(`${key}-encoded`) === '1' ? values.map(unescapeQuery) : values;
  }
}

/** Node reads header values as latin1; older engines send UTF-8 in them as it is. */
function decodeLatin1(value: string): string {
  return /[\x80-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
}

/** Go's `url.QueryUnescape`: `+` is a blank, `%XX` a byte of UTF-8. What can't be decoded stays as it is. */
function unescapeQuery(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}
