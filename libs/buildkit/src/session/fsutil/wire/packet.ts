import { PREFIX_BYTES } from '../../../grpc/framing.js';
import { varintLength, WireReader, writeVarint, writeVarint64 } from '../../grpc/wire.js';
import { decodePath, pathLength, writePath } from '../path-text.js';
import { NO_XATTRS, type Xattr } from '../xattr/xattrs.js';

/** `fsutil.types.Packet.PacketType`. */
export const PacketType: {
  readonly STAT: 0;
  readonly REQ: 1;
  readonly DATA: 2;
  readonly FIN: 3;
  readonly ERR: 4;
} = { STAT: 0, REQ: 1, DATA: 2, FIN: 3, ERR: 4 };

/** Bytes of one DATA packet, as fsutil's own sender uses it. Larger packets were slower. */
export const CHUNK_BYTES: number = 32 * 1024;

/** A received packet. `data` and `stat` are views of the message. */
export interface Packet {
  readonly type: number;
  /** Which STAT packet of the stream is meant, counted from 0. */
  readonly id: number;
  readonly data: Buffer;
  /** An encoded `Stat`; absent in a STAT packet that ends the list. */
  readonly stat: Buffer | undefined;
}

/** `fsutil.types.Stat` as far as it is used: ownership is the receiver's own. */
export interface Stat {
  /** Relative, with `/` between names, decoded by `decodePath`. */
  readonly path: string;
  /** Go's mode bits. */
  readonly mode: number;
  /** Bytes. */
  readonly size: bigint;
  /** Nanoseconds since 1970. */
  readonly modTime: bigint;
  /** A symbolic link's target, or the path that a hard link repeats. */
  readonly linkname: string;
  readonly devMajor: number;
  readonly devMinor: number;
  readonly xattrs: readonly Xattr[];
}

const EMPTY: Buffer = Buffer.alloc(0);

export function decodePacket(message: Buffer): Packet {
  const reader = new WireReader(message);
  let type = 0;
  let id = 0;
  let data: Buffer = EMPTY;
  let stat: Buffer | undefined;
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === 0x08) type = reader.uint32();
    else if (tag === 0x12) stat = reader.bytes();
    else if (tag === 0x18) id = reader.uint32();
    else if (tag === 0x22) data = reader.bytes();
    else reader.skip(tag);
  }
  return { type, id, data, stat };
}

export function decodeStat(encoded: Buffer): Stat {
  const reader = new WireReader(encoded);
  let path = '';
  let mode = 0;
  let size = 0n;
  let modTime = 0n;
  let linkname = '';
  let devMajor = 0;
  let devMinor = 0;
  const xattrs: Xattr[] = [];
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === 0x0a) path = decodePath(reader.bytes());
    else if (tag === 0x10) mode = reader.uint32();
    else if (tag === 0x28) size = reader.int64();
    else if (tag === 0x30) modTime = reader.int64();
    else if (tag === 0x3a) linkname = decodePath(reader.bytes());
    else if (tag === 0x40) devMajor = reader.uint32();
    else if (tag === 0x48) devMinor = reader.uint32();
    else if (tag === 0x52) xattrs.push(decodeXattr(reader.bytes()));
    else reader.skip(tag);
  }
  return { path, mode, size, modTime, linkname, devMajor, devMinor, xattrs: xattrs.length === 0 ? NO_XATTRS : xattrs };
}

function decodeXattr(encoded: Buffer): Xattr {
  const reader = new WireReader(encoded);
  let name = '';
  let value: Buffer = EMPTY;
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === 0x0a) name = reader.bytes().toString('utf8');
    else if (tag === 0x12) value = reader.bytes();
    else reader.skip(tag);
  }
  return { name, value };
}

/** Bytes of a framed STAT packet beside its strings, at most: prefixes, tags, lengths, two int32 and four int64. */
const STAT_OVERHEAD = 96;

/** Bytes of an extended attribute beside its name and value, at most: three tags and lengths. */
const XATTR_OVERHEAD = 18;

/** An upper bound for what `writeStatPacket` writes. */
export function statPacketBound(stat: Stat): number {
  let bytes = STAT_OVERHEAD + stat.path.length * 3 + stat.linkname.length * 3;
  for (const { name, value } of stat.xattrs) bytes += XATTR_OVERHEAD + name.length * 3 + value.length;
  return bytes;
}

/** Writes a STAT packet with its gRPC prefix; returns the offset after it. uid and gid are left at 0. */
export function writeStatPacket(buffer: Buffer, offset: number, stat: Stat): number {
  const pathBytes = pathLength(stat.path);
  const linkBytes = stat.linkname === '' ? 0 : pathLength(stat.linkname);
  // The lengths come first on the wire, so the fields are written behind the widest prefix and moved up to it.
  const start = offset + PREFIX_BYTES + 12;
  let at = start;
  if (pathBytes > 0) {
    buffer[at++] = 0x0a;
    at = writeVarint(buffer, at, pathBytes);
    at += writePath(buffer, at, stat.path);
  }
  if (stat.mode !== 0) {
    buffer[at++] = 0x10;
    at = writeVarint(buffer, at, stat.mode);
  }
  if (stat.size !== 0n) {
    buffer[at++] = 0x28;
    at = writeInt64(buffer, at, stat.size);
  }
  if (stat.modTime !== 0n) {
    buffer[at++] = 0x30;
    at = writeInt64(buffer, at, stat.modTime);
  }
  if (linkBytes > 0) {
    buffer[at++] = 0x3a;
    at = writeVarint(buffer, at, linkBytes);
    at += writePath(buffer, at, stat.linkname);
  }
  if (stat.devMajor !== 0) {
    buffer[at++] = 0x40;
    at = writeVarint(buffer, at, stat.devMajor);
  }
  if (stat.devMinor !== 0) {
    buffer[at++] = 0x48;
    at = writeVarint(buffer, at, stat.devMinor);
  }
  for (const xattr of stat.xattrs) at = writeXattr(buffer, at, xattr);
  const statBytes = at - start;
  const messageBytes = 1 + varintLength(statBytes) + statBytes;
  let head = writePrefix(buffer, offset, messageBytes);
  buffer[head++] = 0x12;
  head = writeVarint(buffer, head, statBytes);
  buffer.copyWithin(head, start, at);
  return head + statBytes;
}

/** An entry of the map: the name and the value. */
function writeXattr(buffer: Buffer, offset: number, { name, value }: Xattr): number {
  const nameBytes = Buffer.byteLength(name);
  let at = offset;
  buffer[at++] = 0x52;
  const length = 2 + varintLength(nameBytes) + nameBytes + varintLength(value.length) + value.length;
  at = writeVarint(buffer, at, length);
  buffer[at++] = 0x0a;
  at = writeVarint(buffer, at, nameBytes);
  at += buffer.write(name, at, 'utf8');
  buffer[at++] = 0x12;
  at = writeVarint(buffer, at, value.length);
  return at + value.copy(buffer, at);
}

/** The STAT packet without a stat: the list is complete. */
export function writeEndOfList(buffer: Buffer, offset: number): number {
  return writePrefix(buffer, offset, 0);
}

/** Bytes of a framed DATA packet before its data. */
export function dataHeaderLength(id: number, length: number): number {
  return PREFIX_BYTES + 2 + (id === 0 ? 0 : 1 + varintLength(id)) + (length === 0 ? 0 : 1 + varintLength(length));
}

/** Writes all of a framed DATA packet but its data, of which `length` bytes are to follow; 0 ends a file. */
export function writeDataHeader(buffer: Buffer, offset: number, id: number, length: number): number {
  const header = dataHeaderLength(id, length) - PREFIX_BYTES;
  let at = writePrefix(buffer, offset, header + length);
  buffer[at++] = 0x08;
  buffer[at++] = PacketType.DATA;
  if (id !== 0) {
    buffer[at++] = 0x18;
    at = writeVarint(buffer, at, id);
  }
  if (length !== 0) {
    buffer[at++] = 0x22;
    at = writeVarint(buffer, at, length);
  }
  return at;
}

/** Bytes of a framed REQ packet, at most. */
export const REQUEST_BOUND: number = PREFIX_BYTES + 8;

/** Writes a REQ packet: the content of the entry `id` is wanted. */
export function writeRequest(buffer: Buffer, offset: number, id: number): number {
  let at = writePrefix(buffer, offset, 2 + (id === 0 ? 0 : 1 + varintLength(id)));
  buffer[at++] = 0x08;
  buffer[at++] = PacketType.REQ;
  if (id !== 0) {
    buffer[at++] = 0x18;
    at = writeVarint(buffer, at, id);
  }
  return at;
}

/** An unframed FIN packet. */
export function finPacket(): Buffer {
  return Buffer.from([0x08, PacketType.FIN]);
}

/** An unframed ERR packet. */
export function errPacket(message: string): Buffer {
  const text = Buffer.from(message, 'utf8');
  const packet = Buffer.allocUnsafe(3 + varintLength(text.length) + text.length);
  packet[0] = 0x08;
  packet[1] = PacketType.ERR;
  packet[2] = 0x22;
  text.copy(packet, writeVarint(packet, 3, text.length));
  return packet;
}

function writePrefix(buffer: Buffer, offset: number, length: number): number {
  buffer[offset] = 0;
  return buffer.writeUInt32BE(length, offset + 1);
}

/** A number on its way from 64 bits to two times 32: by bigints it would leave garbage for each entry. */
const halves = new DataView(new ArrayBuffer(8));

function writeInt64(buffer: Buffer, offset: number, value: bigint): number {
  halves.setBigInt64(0, value);
  return writeVarint64(buffer, offset, halves.getUint32(4), halves.getUint32(0));
}
