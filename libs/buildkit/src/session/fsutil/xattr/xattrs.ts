import { printable } from '../../transfer-error.js';
import type { XattrCalls } from './xattr-calls.js';

/** An extended attribute of an entry. */
export interface Xattr {
  readonly name: string;
  readonly value: Buffer;
}

/** What nearly all entries have. */
export const NO_XATTRS: readonly Xattr[] = [];

/**
 * Bytes of attributes that one entry sends, at most. They travel in one message, of which engines take 4 MiB, newer ones 16; few file
 * systems keep more than 64 KiB.
 */
const ENTRY_LIMIT = 1024 * 1024;

/** ENOTSUP of Linux and of macOS, ENOSYS: the file system has none, whatever the file. */
const UNSUPPORTED = /\(os error (95|45|38|78)\)/;

/** Reads extended attributes as far as that goes; that they can't be read never fails a transfer. */
export class XattrReader {
  readonly #calls: XattrCalls;
  readonly #warn: (message: string) => void;
  /** Devices whose file system has no attributes. */
  readonly #without = new Set<bigint>();

  constructor(calls: XattrCalls, warn: (message: string) => void) {
    this.#calls = calls;
    this.#warn = warn;
  }

  /** All but Apple's own, as Go's client sends them. A path that is not UTF-8 can't be asked for. */
  read(path: string, device: bigint): readonly Xattr[] {
    if (this.#without.has(device) || !path.isWellFormed()) return NO_XATTRS;
    const names = this.#list(path, device);
    return names.length === 0 ? NO_XATTRS : this.#values(path, names);
  }

  #list(path: string, device: bigint): readonly string[] {
    try {
      return this.#calls.list(path);
    } catch (error) {
      // Also one name that is not UTF-8 makes the list fail.
      if (error instanceof Error && UNSUPPORTED.test(error.message)) this.#without.add(device);
      return [];
    }
  }

  #values(path: string, names: readonly string[]): readonly Xattr[] {
    const xattrs: Xattr[] = [];
    let bytes = 0;
    for (const name of names) {
      if (name.startsWith('com.apple.')) continue;
      const value = this.#calls.get(path, name);
      if (value === null) continue;
      bytes += name.length + value.length;
      if (bytes > ENTRY_LIMIT) {
        this.#warn(`${printable(path)} has more than 1 MiB of extended attributes; the rest of them was not sent`);
        break;
      }
      xattrs.push({ name, value });
    }
    return xattrs;
  }
}

/**
 * Whether an attribute that an engine sends is set on this host. Those that the kernel and security modules keep for themselves are not:
 * they mean something on the system that gave them, and set by root they would change what this one trusts. A capability is
 * heeded like the set-user-ID bit, which comes in the mode.
 */
export function isReceived(name: string): boolean {
  if (name.startsWith('security.')) return name === 'security.capability';
  return !name.startsWith('trusted.') && !name.startsWith('com.apple.');
}

/**
 * Sets attributes on a file or directory that this process made, as far as the file system and this user's rights let it. Writing and
 * changing the owner take a capability away, and a mode may take the right to set attributes: data comes before this, the mode after.
 */
export function setXattrs(calls: XattrCalls | undefined, path: string, xattrs: readonly Xattr[]): void {
  if (!calls || !path.isWellFormed()) return;
  for (const { name, value } of xattrs) {
    try {
      calls.set(path, name, value);
    } catch {
      // As Go's client: what can't be set is left out.
    }
  }
}
