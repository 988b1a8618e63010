import { basename } from 'node:path';

/** A name for what isn't complete yet, beside where it will stand. */
export function temporaryName(path: string): string {
  // Names may have 255 bytes; the random part must fit whatever the base is.
  const base = Buffer.from(basename(path))
    .subarray(0, 200)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
  // Not from `node:crypto`, which a thread that needs no such name would have to load.
  const random = Buffer.from(crypto.getRandomValues(new Uint8Array(6))).toString('hex');
  return `.${base}.${random}.partial`;
}
