import { printable, TransferError } from '../transfer-error.js';
import { pathBytes } from './path-text.js';
import { kindOfGoMode } from './wire/go-mode.js';
import type { Stat } from './wire/packet.js';

/** Compares names as their bytes compare. The order of UTF-16 differs from that only where surrogates are. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    return isSurrogate(x) || isSurrogate(y) ? Buffer.compare(pathBytes(a), pathBytes(b)) : x - y;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** A relative path without `.`, `..` and empty names. */
export function isCleanRelative(path: string): boolean {
  if (path === '' || path.includes('\0')) return false;
  for (const name of path.split('/')) {
    if (name === '' || name === '.' || name === '..') return false;
  }
  return true;
}

/**
 * Holds a peer to the order of a transfer: depth first, every directory before what is in it, names strictly ascending. What passes is
 * a path below the root, each of whose parents was sent as a directory in this same stream, so no link can lie on the way.
 */
export class OrderValidator {
  readonly #open: { readonly path: string; last: string | undefined }[] = [{ path: '', last: undefined }];

  /** Throws a `TransferError` of code `unsafe-path` or `protocol`. Returns the entry's name. */
  check(stat: Stat): string {
    const path = stat.path;
    if (!isCleanRelative(path)) {
      throw new TransferError('unsafe-path', path, `the engine sent a path that leads elsewhere: ${printable(path)}`);
    }
    const slash = path.lastIndexOf('/');
    const parent = slash < 0 ? '' : path.slice(0, slash);
    const name = path.slice(slash + 1);
    while (this.#open.length > 1 && this.#open.at(-1)?.path !== parent) this.#open.pop();
    const directory = this.#open.at(-1);
    if (directory?.path !== parent) {
      throw new TransferError(
        'unsafe-path',
        path,
        `the engine sent ${printable(path)} without its directory ${printable(parent)} before it`,
      );
    }
    if (directory.last !== undefined && compareNames(directory.last, name) >= 0) {
      throw new TransferError(
        'protocol',
        path,
        `the engine sent ${printable(path)} out of order, after ${printable(directory.last)}`,
      );
    }
    directory.last = name;
    if (kindOfGoMode(stat.mode) === 'directory') this.#open.push({ path, last: undefined });
    return name;
  }
}
