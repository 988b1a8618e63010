/** What has nothing to escape, which most texts are. */
const plain = /^[ !#-[\]-~]*$/;

/**
 * A text as the IR's text form writes it: a JSON string in which also DEL, C1 controls, line separators and the marks that
 * change the direction of text are escaped, so that a terminal shows what is there and obeys none of it.
 */
export function quote(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Bytes as the text form writes them. */
export function quoteBytes(bytes: Uint8Array): string {
  return `b64"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}"`;
}
