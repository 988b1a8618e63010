import { isUtf8 } from 'node:buffer';
import { readlinkSync } from 'node:fs';

/**
 * Names on Unix, and in packets, are bytes. Here they are strings all the same, in which a byte that isn't part of valid UTF-8 stands as a
 * lone surrogate (0xff as U+DCFF), as in Python's `surrogateescape`: nothing else decodes to those, so every name has one string and
 * every string its name. Nearly all strings are well-formed, and cost nothing.
 */
export function decodePath(bytes: Buffer, start = 0, end: number = bytes.length): string {
  const text = bytes.toString('utf8', start, end);
  return text.includes('\ufffd') ? decodeOdd(bytes.subarray(start, end), text) : text;
}

/** @param text what they are if they are UTF-8, in which the sign of what isn't may stand for itself */
function decodeOdd(bytes: Buffer, text: string): string {
  return isUtf8(bytes) ? text : decodeMixed(bytes);
}

function decodeMixed(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const sequence = bytes.subarray(at, at + length);
    if (sequence.length === length && isUtf8(sequence)) {
      text += sequence.toString('utf8');
      at += length;
    } else {
      text += String.fromCharCode(0xdc00 + lead);
      at += 1;
    }
  }
  return text;
}

/** The bytes of a path that `decodePath` has given. */
export function pathBytes(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8');
  const parts = text.split(/([\udc80-\udcff])/u);
  // The separators, at odd places, are the escaped bytes.
  return Buffer.concat(
    parts.map((part, place) => (place % 2 === 1 ? Buffer.from([part.charCodeAt(0) & 0xff]) : Buffer.from(part))),
  );
}

/** How many bytes a path has. */
export function pathLength(text: string): number {
  return text.isWellFormed() ? Buffer.byteLength(text) : pathBytes(text).length;
}

/** Writes a path's bytes, for which there must be room; returns how many they are. */
export function writePath(buffer: Buffer, offset: number, text: string): number {
  return text.isWellFormed() ? buffer.write(text, offset, 'utf8') : pathBytes(text).copy(buffer, offset);
}

/** A path for a system call. */
export function systemPath(text: string): string | Buffer {
  return text.isWellFormed() ? text : pathBytes(text);
}

/** Where a symbolic link leads. Throws the system's error. */
export function readLink(path: string): string {
  const target = readlinkSync(systemPath(path), 'utf8');
  return target.includes('\ufffd') ? decodePath(readlinkSync(systemPath(path), 'buffer')) : target;
}
