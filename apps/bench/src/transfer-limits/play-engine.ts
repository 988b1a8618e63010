import type { GrpcChannel, Method } from '@hlb/buildkit';
import { Packet, Packet_PacketType, Stat } from '@hlb/proto/fsutil';

const method = (path: string): Method<Packet, Packet> => ({
  path,
  requestSerialize: (packet) => Packet.encode(packet).finish(),
  responseDeserialize: (bytes) => Packet.decode(bytes),
});
const SYNC = method('/moby.filesync.v1.FileSync/DiffCopy');
const SEND = method('/moby.filesync.v1.FileSend/DiffCopy');

const CHUNK = Buffer.alloc(32 * 1024);
const DIRECTORY = 2 ** 31 + 0o755;
/** Go's type bits: none of them set means a regular file. */
const TYPE_BITS = 0x8f280000;

const packet = (type: Packet_PacketType, fields: Partial<Packet> = {}): Packet =>
  Packet.fromPartial({ type, ...fields });

/** Packets after which the player lets its event loop run: what it is late with itself would count as the session's. */
const TURN = 64;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Takes a folder as an engine does that has nothing of it yet. Returns the entries and the bytes that came. */
export async function takeFolder(channel: GrpcChannel, name: string): Promise<{ entries: number; bytes: number }> {
  const call = channel.call(SYNC, { metadata: [['dir-name', name]] });
  let entries = 0;
  let bytes = 0;
  let open = 0;
  let listed = false;
  let packets = 0;
  for await (const { type, stat, data } of call) {
    packets += 1;
    if (packets % TURN === 0) await nextTurn();
    if (type === Packet_PacketType.PACKET_STAT && stat) {
      if ((stat.mode & TYPE_BITS) === 0) {
        open += 1;
        await call.send(packet(Packet_PacketType.PACKET_REQ, { ID: entries }));
      }
      entries += 1;
    } else if (type === Packet_PacketType.PACKET_STAT) listed = true;
    else if (type === Packet_PacketType.PACKET_DATA && data.length > 0) bytes += data.length;
    else if (type === Packet_PacketType.PACKET_DATA) open -= 1;
    if (listed && open === 0) {
      listed = false;
      call.write(packet(Packet_PacketType.PACKET_FIN));
      call.end();
    }
  }
  return { entries, bytes };
}

/** An entry that the played engine exports. */
export interface PlayedEntry {
  readonly path: string;
  /** Bytes of content; `undefined` for a folder. */
  readonly size: number | undefined;
}

/** Exports entries, in order, of which files are full of zeros. */
export async function giveFolder(channel: GrpcChannel, entries: Iterable<PlayedEntry>): Promise<void> {
  const call = channel.call(SEND, { metadata: [['buildkit-attachable-exporter-id', '0']] });
  const sizes: (number | undefined)[] = [];
  const list = async (): Promise<void> => {
    for (const { path, size } of entries) {
      sizes.push(size);
      const stat = { path, mode: size === undefined ? DIRECTORY : 0o644, size: BigInt(size ?? 0), modTime: 10n ** 18n };
      await call.send(packet(Packet_PacketType.PACKET_STAT, { stat: Stat.fromPartial(stat) }));
      if (sizes.length % TURN === 0) await nextTurn();
    }
    await call.send(packet(Packet_PacketType.PACKET_STAT));
  };
  const listing = list();
  let packets = 0;
  for await (const { type, ID: id, data } of call) {
    packets += 1;
    if (packets % TURN === 0) await nextTurn();
    if (type === Packet_PacketType.PACKET_ERR) throw new Error(`the export failed: ${Buffer.from(data).toString()}`);
    if (type === Packet_PacketType.PACKET_FIN) {
      call.write(packet(Packet_PacketType.PACKET_FIN));
      continue;
    }
    for (let left = sizes[id] ?? 0; left > 0; left -= CHUNK.length) {
      await call.send(packet(Packet_PacketType.PACKET_DATA, { ID: id, data: CHUNK.subarray(0, left) }));
    }
    await call.send(packet(Packet_PacketType.PACKET_DATA, { ID: id }));
  }
  await listing;
}
