/** Go's file mode bits, which fsutil's packets carry (`io/fs.FileMode`). Unix types and special bits live elsewhere in it. */
const GoMode: {
  readonly DIRECTORY: number;
  readonly SYMLINK: number;
  readonly DEVICE: number;
  readonly NAMED_PIPE: number;
  readonly SOCKET: number;
  readonly SETUID: number;
  readonly SETGID: number;
  readonly CHAR_DEVICE: number;
  readonly STICKY: number;
  readonly IRREGULAR: number;
  readonly PERMISSIONS: number;
  /** All bits that tell what an entry is; none of them set means a regular file. */
  readonly TYPE: number;
} = {
  DIRECTORY: 2 ** 31,
  SYMLINK: 1 << 27,
  DEVICE: 1 << 26,
  NAMED_PIPE: 1 << 25,
  SOCKET: 1 << 24,
  SETUID: 1 << 23,
  SETGID: 1 << 22,
  CHAR_DEVICE: 1 << 21,
  STICKY: 1 << 20,
  IRREGULAR: 1 << 19,
  PERMISSIONS: 0o777,
  TYPE: 0x8f280000,
};

const S_IFMT = 0o170000;
const S_IFSOCK = 0o140000;
const S_IFLNK = 0o120000;
const S_IFREG = 0o100000;
const S_IFBLK = 0o060000;
const S_IFDIR = 0o040000;
const S_IFCHR = 0o020000;
const S_IFIFO = 0o010000;

/** What an entry of a tree is. */
export type EntryKind = 'file' | 'directory' | 'symlink' | 'fifo' | 'block-device' | 'char-device' | 'socket' | 'other';

/** The kind in a Unix `st_mode`. */
export function kindOfUnixMode(mode: number): EntryKind {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return 'file';
    case S_IFDIR:
      return 'directory';
    case S_IFLNK:
      return 'symlink';
    case S_IFIFO:
      return 'fifo';
    case S_IFBLK:
      return 'block-device';
    case S_IFCHR:
      return 'char-device';
    case S_IFSOCK:
      return 'socket';
    default:
      return 'other';
  }
}

const TYPE_BITS: Record<EntryKind, number> = {
  file: 0,
  directory: GoMode.DIRECTORY,
  symlink: GoMode.SYMLINK,
  fifo: GoMode.NAMED_PIPE,
  'block-device': GoMode.DEVICE,
  'char-device': GoMode.DEVICE | GoMode.CHAR_DEVICE,
  socket: 0, // fsutil's senders clear the bit: a socket travels as an empty file
  other: GoMode.IRREGULAR,
};

/** An `st_mode` as Go's mode bits, as a sender announces it. */
export function goModeOfUnix(mode: number): number {
  const kind = kindOfUnixMode(mode);
  // Some systems give links permissions of their own; Go always says 0777.
  let go = (kind === 'symlink' ? 0o777 : mode & 0o777) | TYPE_BITS[kind];
  if (mode & 0o4000) go |= GoMode.SETUID;
  if (mode & 0o2000) go |= GoMode.SETGID;
  if (mode & 0o1000) go |= GoMode.STICKY;
  return go >>> 0;
}

/** The kind in Go's mode bits. */
export function kindOfGoMode(mode: number): EntryKind {
  switch ((mode & GoMode.TYPE) >>> 0) {
    case 0:
      return 'file';
    case GoMode.DIRECTORY:
      return 'directory';
    case GoMode.SYMLINK:
      return 'symlink';
    case GoMode.NAMED_PIPE:
      return 'fifo';
    case GoMode.DEVICE:
      return 'block-device';
    case (GoMode.DEVICE | GoMode.CHAR_DEVICE) >>> 0:
      return 'char-device';
    case GoMode.SOCKET:
      return 'socket';
    default:
      return 'other';
  }
}

/** Permissions and special bits for `chmod` from Go's mode bits. */
export function unixPermissions(mode: number): number {
  let unix = mode & 0o777;
  if (mode & GoMode.SETUID) unix |= 0o4000;
  if (mode & GoMode.SETGID) unix |= 0o2000;
  if (mode & GoMode.STICKY) unix |= 0o1000;
  return unix;
}
