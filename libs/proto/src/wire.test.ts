import { AuthService } from '@hlb/proto/auth';
import { ContentService } from '@hlb/proto/content';
import { ControlService, StatusResponse } from '@hlb/proto/control';
import { Solve } from '@hlb/proto/errdefs';
import { ExporterService } from '@hlb/proto/exporter';
import { FileSendService, FileSyncService } from '@hlb/proto/filesync';
import { Packet, Packet_PacketType } from '@hlb/proto/fsutil';
import { LLBBridgeService, Result } from '@hlb/proto/gateway';
import { HealthService } from '@hlb/proto/health';
import { NetMode, Op } from '@hlb/proto/llb';
import { PolicyVerifierService } from '@hlb/proto/policysession';
import { SecretsService } from '@hlb/proto/secrets';
import { SSHService } from '@hlb/proto/sshforward';
import { UploadService } from '@hlb/proto/upload';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

interface Method {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/** `/package.Service/Method` with `>` for a stream of requests and `<` for one of responses. */
function methods(service: Readonly<Record<string, Method>>): string[] {
  return Object.values(service).map(
    (method) => `${method.path}${method.requestStream ? ' >' : ''}${method.responseStream ? ' <' : ''}`,
  );
}

test('services and methods have the names that engines know', () => {
  expect(methods(ControlService)).toEqual([
    '/moby.buildkit.v1.Control/DiskUsage',
    '/moby.buildkit.v1.Control/Prune <',
    '/moby.buildkit.v1.Control/Solve',
    '/moby.buildkit.v1.Control/Status <',
    '/moby.buildkit.v1.Control/Session > <',
    '/moby.buildkit.v1.Control/ListWorkers',
    '/moby.buildkit.v1.Control/Info',
    '/moby.buildkit.v1.Control/ListenBuildHistory <',
    '/moby.buildkit.v1.Control/UpdateBuildHistory',
  ]);
  expect(methods(LLBBridgeService)).toEqual(
    [
      'ResolveImageConfig',
      'ResolveSourceMeta',
      'Solve',
      'ReadFile',
      'ReadDir',
      'StatFile',
      'Evaluate',
      'Ping',
      'Return',
      'Inputs',
      'NewContainer',
      'ReleaseContainer',
      'ExecProcess > <',
      'ReadFileContainer',
      'ReadDirContainer',
      'StatFileContainer',
      'Warn',
    ].map((name) => `/moby.buildkit.v1.frontend.LLBBridge/${name}`),
  );
  expect(
    [
      FileSyncService,
      FileSendService,
      AuthService,
      SecretsService,
      SSHService,
      UploadService,
      ExporterService,
      PolicyVerifierService,
      HealthService,
    ].flatMap(methods),
  ).toEqual([
    '/moby.filesync.v1.FileSync/DiffCopy > <',
    '/moby.filesync.v1.FileSync/TarStream > <',
    '/moby.filesync.v1.FileSend/DiffCopy > <',
    '/moby.filesync.v1.Auth/Credentials',
    '/moby.filesync.v1.Auth/FetchToken',
    '/moby.filesync.v1.Auth/GetTokenAuthority',
    '/moby.filesync.v1.Auth/VerifyTokenAuthority',
    '/moby.buildkit.secrets.v1.Secrets/GetSecret',
    '/moby.sshforward.v1.SSH/CheckAgent',
    '/moby.sshforward.v1.SSH/ForwardAgent > <',
    '/moby.upload.v1.Upload/Pull > <',
    '/moby.exporter.v1.Exporter/FindExporters',
    '/moby.exporter.v1.Exporter/FinalizeExport',
    '/moby.buildkit.v1.sourcepolicy.policysession.PolicyVerifier/CheckPolicy',
    '/grpc.health.v1.Health/Check',
    '/grpc.health.v1.Health/Watch <',
  ]);
  expect(methods(ContentService)).toEqual(
    ['Info', 'Update', 'List <', 'Delete', 'Read <', 'Status', 'ListStatuses', 'Write > <', 'Abort'].map(
      (name) => `/containerd.services.content.v1.Content/${name}`,
    ),
  );
});

test('nanoseconds survive: times and sizes are bigint', () => {
  const sent = Packet.fromPartial({ stat: { path: 'a', mode: 0o644, modTime: 1_700_000_000_123_456_789n } });
  expect(Packet.decode(Packet.encode(sent).finish()).stat?.modTime).toBe(1_700_000_000_123_456_789n);
  const status = StatusResponse.fromPartial({ logs: [{ timestamp: { seconds: 1_700_000_000n, nanos: 123_456_789 } }] });
  expect(StatusResponse.decode(StatusResponse.encode(status).finish())).toEqual(status);
});

test('a STAT packet is type 0, which is absent on the wire; the last one is empty', () => {
  expect(hex(Packet.encode(Packet.fromPartial({ type: Packet_PacketType.PACKET_STAT })).finish())).toBe('');
  expect(hex(Packet.encode(Packet.fromPartial({ type: Packet_PacketType.PACKET_FIN })).finish())).toBe('0803');
});

test('an empty submessage is written', () => {
  expect(hex(Op.encode(Op.fromPartial({ constraints: {} })).finish())).toBe('5a00');
});

test('maps keep any key', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.uint8Array()), (metadata) => {
      const sent = Result.fromPartial({
        metadata: new Map([...Object.entries(metadata), ['__proto__', new Uint8Array([1])]]),
      });
      expect(Result.decode(Result.encode(sent).finish()).metadata).toEqual(sent.metadata);
    }),
  );
});

test("an engine's error detail reads from its JSON", () => {
  const solve = Solve.fromJSON({
    inputIDs: ['in'],
    mountIDs: ['m0', ''],
    op: { inputs: [{ digest: 'sha256:0' }], exec: { meta: { args: ['false'], cwd: '/' }, network: 'HOST' } },
    file: { index: '2' },
  });
  expect(solve.mountIDs).toEqual(['m0', '']);
  expect(solve.subject).toEqual({ $case: 'file', value: { index: 2n } });
  expect(solve.op?.op?.$case === 'exec' && solve.op.op.value.network).toBe(NetMode.HOST);
});
