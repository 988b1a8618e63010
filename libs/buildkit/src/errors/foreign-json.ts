/** Careful reading of JSON that others wrote: what has another shape than expected counts as absent. */

/** The object's fields; none for anything else. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A number; protobuf's JSON writes 64-bit ones as text. */
export function number(value: unknown): number | undefined {
  const result = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof result === 'number' && Number.isFinite(result) ? result : undefined;
}

export function texts(value: unknown): readonly string[] {
  return list(value).map(text);
}

/** The value of a JSON text; `undefined` where it is none. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
