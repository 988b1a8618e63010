import type { Scanner } from './scanner.js';

const stringForm = /"(?:[^"\\\n]|\\.)*"/y;
const bytesForm = /b64"([A-Za-z0-9+/]*={0,2})"/y;

/** What JSON has to look at; most texts have none. */
const escaped = /[\\\u0000-\u001f]/;

/** A text between quotes, with the escapes of JSON. */
export function takeString(scanner: Scanner, what: string): string {
  const literal = scanner.expectForm(stringForm, what)[0];
  if (!escaped.test(literal)) return literal.slice(1, -1);
  try {
    const value: unknown = JSON.parse(literal);
    return String(value);
  } catch {
    return scanner.fail('HLB0601', 'texts have the escapes of JSON, and these are not', scanner.at - literal.length);
  }
}

export function takeBytes(scanner: Scanner): Uint8Array {
  return new Uint8Array(Buffer.from(scanner.expectForm(bytesForm, 'bytes, as `b64"AA=="`')[1] ?? '', 'base64'));
}
