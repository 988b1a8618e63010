import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';

/** A name for what isn't complete yet, beside where it will stand. */
export function temporaryName(path: string): string {
  // Names may have 255 bytes; the random part must fit whatever the base is.
  const base = Buffer.from(basename(path))
    .subarray(0, 200)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
  return `.${base}.${randomBytes(6).toString('hex')}.partial`;
}
