import type * as pb from '@hlb/proto/llb';
import type { Immutable } from '../graph/vertex.js';
import type { WireWriter } from './wire-writer.js';

/** The fields of an ExecOp, in the order of their numbers, as in all of these functions. */
export function writeExec(writer: WireWriter, exec: Immutable<pb.ExecOp>): void {
  if (exec.meta !== undefined) {
    const start = writer.open(1);
    writeMeta(writer, exec.meta);
    writer.close(start);
  }
  for (const mount of exec.mounts) {
    const start = writer.open(2);
    writeMount(writer, mount);
    writer.close(start);
  }
  writer.int32(3, exec.network);
  writer.int32(4, exec.security);
  for (const secret of exec.secretenv) {
    const start = writer.open(5);
    writer.string(1, secret.ID);
    writer.string(2, secret.name);
    writer.bool(3, secret.optional);
    writer.close(start);
  }
  for (const device of exec.cdiDevices) {
    const start = writer.open(6);
    writer.string(1, device.name);
    writer.bool(2, device.optional);
    writer.close(start);
  }
}

function writeMeta(writer: WireWriter, meta: Immutable<pb.Meta>): void {
  writer.strings(1, meta.args);
  writer.strings(2, meta.env);
  writer.string(3, meta.cwd);
  writer.string(4, meta.user);
  if (meta.proxyEnv !== undefined) {
    const start = writer.open(5);
    writer.string(1, meta.proxyEnv.httpProxy);
    writer.string(2, meta.proxyEnv.httpsProxy);
    writer.string(3, meta.proxyEnv.ftpProxy);
    writer.string(4, meta.proxyEnv.noProxy);
    writer.string(5, meta.proxyEnv.allProxy);
    writer.close(start);
  }
  for (const host of meta.extraHosts) {
    const start = writer.open(6);
    writer.string(1, host.Host);
    writer.string(2, host.IP);
    writer.close(start);
  }
  writer.string(7, meta.hostname);
  for (const limit of meta.ulimit) {
    const start = writer.open(9);
    writer.string(1, limit.Name);
    writer.int64(2, limit.Soft);
    writer.int64(3, limit.Hard);
    writer.close(start);
  }
  writer.string(10, meta.cgroupParent);
  writer.bool(11, meta.removeMountStubsRecursive);
  writer.packedInt32(12, meta.validExitCodes);
}

function writeMount(writer: WireWriter, mount: Immutable<pb.Mount>): void {
  writer.int64(1, mount.input);
  writer.string(2, mount.selector);
  writer.string(3, mount.dest);
  writer.int64(4, mount.output);
  writer.bool(5, mount.readonly);
  writer.int32(6, mount.mountType);
  if (mount.TmpfsOpt !== undefined) {
    const start = writer.open(19);
    writer.int64(1, mount.TmpfsOpt.size);
    writer.close(start);
  }
  if (mount.cacheOpt !== undefined) {
    const start = writer.open(20);
    writer.string(1, mount.cacheOpt.ID);
    writer.int32(2, mount.cacheOpt.sharing);
    writer.close(start);
  }
  if (mount.secretOpt !== undefined) {
    writeServed(writer, 21, mount.secretOpt);
  }
  if (mount.SSHOpt !== undefined) {
    writeServed(writer, 22, mount.SSHOpt);
  }
  writer.string(23, mount.resultID);
  writer.int32(24, mount.contentCache);
}

function writeServed(writer: WireWriter, field: number, served: Immutable<pb.SecretOpt | pb.SSHOpt>): void {
  const start = writer.open(field);
  writer.string(1, served.ID);
  writer.int32(2, served.uid);
  writer.int32(3, served.gid);
  writer.int32(4, served.mode);
  writer.bool(5, served.optional);
  writer.close(start);
}
