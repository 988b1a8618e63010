import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../engine-error.js';
import { unmountBelow } from '../host/mounts.js';
import { endProcess, engineProcesses, killProcesses } from '../host/processes.js';
import type { EngineLayout } from '../layout.js';
import { removeNetwork } from '../network/bridge.js';
import type { EngineTools } from '../tools.js';
import { runningEngine } from './state.js';

/** How long dockerd may take to end its builds and its containerd, in milliseconds, before it is killed. */
const stopPatience = 20_000;

/**
 * Stops the engine and whatever an earlier one has left: processes, mounts, sockets and the network. Works from what the
 * kernel says, so also after dockerd was killed. The cache stays.
 */
export async function stopEngine(layout: EngineLayout, tools: Pick<EngineTools, 'ip' | 'nft'>): Promise<void> {
  const running = await runningEngine(layout);
  if (running) await endProcess(running.pid, stopPatience);
  const folders = [layout.run, layout.data];
  // What starts containers could start another one while it is being killed: look until there is none.
  for (let round = 0; round < 5; round++) {
    const left = await engineProcesses(folders);
    if (left.length === 0) break;
    await killProcesses(left);
  }
  const left = await engineProcesses(folders);
  if (left.length > 0)
    throw new EngineError(
      'stop-failed',
      `Processes of the engine in ${layout.dir} can't be ended: ${left.join(', ')}.`,
      'They hang in the kernel, most likely on a disk or network file system; end them, or restart the machine.',
    );
  for (const folder of folders) await unmountBelow(folder);
  await removeNetwork(layout, tools);
  // A pid file of dockerd's containerd that outlives it makes the next dockerd wait ten seconds for that process to end.
  for (const name of ['exec', 'docker.pid', 'docker.sock', 'engine.json'])
    await rm(join(layout.run, name), { recursive: true, force: true });
}
