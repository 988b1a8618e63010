/** Writes a `grpc-message`: gRPC escapes the bytes of its UTF-8 as %XX, all but printable ASCII, and `%` itself. */
export function encodeStatusMessage(message: string): string {
  if (/^[\x20-\x24\x26-\x7e]*$/.test(message)) return message;
  let encoded = '';
  for (const byte of Buffer.from(message, 'utf8')) {
    encoded +=
      byte < 0x20 || byte > 0x7e || byte === 0x25
        ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte);
  }
  return encoded;
}

/** Reads a `grpc-message`. What is no valid escape stands for itself (headers arrive as Latin-1). */
export function decodeStatusMessage(text: string): string {
  if (!text.includes('%')) return text;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const hex = /^%([0-9a-fA-F]{2})$/.exec(text.slice(at, at + 3))?.[1];
    if (hex === undefined) bytes.push(text.charCodeAt(at) & 0xff);
    else {
      bytes.push(Number.parseInt(hex, 16));
      at += 2;
    }
  }
  return Buffer.from(bytes).toString('utf8');
}
