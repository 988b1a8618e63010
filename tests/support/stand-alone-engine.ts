import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * The test engine's BuildKit as a stand-alone buildkitd shows itself: gRPC on the socket at once, nothing of Docker beside it.
 * @param address of the test engine, `unix://…`
 * @returns an address that is there until the test is finished
 */
export async function standAloneEngine(address: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'stand-alone-'));
  const path = join(folder, 'buildkitd.sock');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const engine = connect(address.replace('unix://', ''));
    sockets.add(socket).add(engine);
    socket.on('error', () => undefined).on('close', () => engine.destroy());
    engine.on('error', () => undefined).on('close', () => socket.destroy());
    engine.write('POST /grpc HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    let head = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      engine.off('data', onData).pause();
      socket.write(head.subarray(end + 4));
      socket.pipe(engine).pipe(socket);
    };
    engine.on('data', onData);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  return `unix://${path}`;
}
