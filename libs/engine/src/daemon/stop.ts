import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../engine-error.js';
import { removeCgroups } from '../host/cgroups.js';
import { unmountBelow } from '../host/mounts.js';
import { type EngineProcess, endProcess, engineProcesses, killProcesses } from '../host/processes.js';
import type { EngineLayout } from '../layout.js';
import { removeNetwork } from '../network/bridge.js';
import type { EngineTools } from '../tools.js';
import { runningEngine } from './state.js';

/** How long dockerd may take to end its builds and its containerd, in milliseconds, before it is killed. */
const stopPatience = 20_000;

/** How long containerd may take to end by itself, in milliseconds. */
const containerdPatience = 3_000;

/**
 * Stops the engine and whatever an earlier one has left: processes, mounts, sockets and the network. Works from what the
 * kernel says, so also after dockerd was killed. The cache stays.
 */
export async function stopEngine(layout: EngineLayout, tools: Pick<EngineTools, 'ip' | 'nft'>): Promise<void> {
  const running = await runningEngine(layout);
  if (running) await endProcess(running.pid, stopPatience);
  const folders = [layout.run, layout.data];
  const find = (): Promise<EngineProcess[]> => engineProcesses(folders, layout.cgroup);
  // dockerd has ended its containers if it could; containerd, which has nothing left to do then, may close its files.
  const remaining = await find();
  await killProcesses(remaining.filter(({ program }) => program !== 'containerd').map(({ pid }) => pid));
  for (const { pid, program } of remaining) if (program === 'containerd') await endProcess(pid, containerdPatience);
  // What starts containers could have started another one meanwhile: look until there is none.
  for (let round = 0; round < 5; round++) {
    const again = await find();
    if (again.length === 0) break;
    await killProcesses(again.map(({ pid }) => pid));
  }
  const left = await find();
  if (left.length > 0)
    throw new EngineError(
      'stop-failed',
      `Processes of the engine in ${layout.dir} can't be ended: ${left.map(({ pid }) => pid).join(', ')}.`,
      'They hang in the kernel, most likely on a disk or network file system; end them, or restart the machine.',
    );
  for (const folder of folders) await unmountBelow(folder);
  await removeNetwork(layout, tools);
  await removeCgroups(layout.cgroup);
  for (const name of ['containerd', 'exec', 'docker.pid', 'docker.sock', 'engine.json'])
    await rm(join(layout.run, name), { recursive: true, force: true });
}
