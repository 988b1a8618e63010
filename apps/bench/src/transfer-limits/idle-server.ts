import { performServerHandshake } from 'node:http2';
import { connect } from 'node:net';

/** A framed `grpc.health.v1.HealthCheckResponse` of a server that serves. */
const SERVING = Buffer.from([0, 0, 0, 0, 2, 8, 1]);

/**
 * What a session is compared with: a process that does nothing but to answer the health check, by Node's HTTP/2 alone. It is asked by the
 * same program at the same time, so what it needs is what the machine and the one who asks need.
 */
const socket = connect(process.argv[2] ?? '');
const session = performServerHandshake(socket);
session.on('stream', (stream) => {
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.end(SERVING);
  stream.resume();
});
session.on('error', () => undefined);
socket.on('error', () => undefined);
// Not by `once`, which a connection that is reset would make fail.
await new Promise<void>((resolve) => socket.on('close', () => resolve()));
