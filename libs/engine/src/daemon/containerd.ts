import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { EngineLayout } from '../layout.js';
import { type DaemonProcess, type ProgramOptions, startProgram } from './program.js';

/** Where containerd of an engine listens. */
export function containerdSocket(layout: EngineLayout): string {
  return join(layout.run, 'containerd', 'containerd.sock');
}

/**
 * Starts the engine's containerd and waits until it listens. dockerd could start one itself, but loses a second over it:
 * it dials before the socket is there, and gRPC then waits that long before it dials again.
 */
export async function startContainerd(
  layout: EngineLayout,
  data: string,
  options: ProgramOptions,
): Promise<DaemonProcess> {
  const folder = join(layout.run, 'containerd');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const config = join(folder, 'containerd.toml');
  const socket = containerdSocket(layout);
  const lines = [
    'version = 2',
    `root = ${JSON.stringify(join(data, 'containerd/daemon'))}`,
    `state = ${JSON.stringify(join(folder, 'daemon'))}`,
    // Kubernetes' part: an engine for builds has no use for it.
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
    '[grpc]',
    `address = ${JSON.stringify(socket)}`,
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  return startProgram('containerd', ['--config', config, '--log-level', 'warn'], options, () => listens(socket));
}

async function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
