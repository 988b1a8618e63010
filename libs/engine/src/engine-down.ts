import { existsSync } from 'node:fs';
import { stopEngine } from './daemon/stop.js';
import { deleteFolder } from './engine-folder.js';
import type { EngineOptions } from './engine-options.js';
import { type FileLock, lockFile } from './host/lock.js';
import { unmountBelow } from './host/mounts.js';
import { type EngineLayout, engineLayout } from './layout.js';
import { hasBridge } from './network/bridge.js';
import { installedNetworkTools } from './tools.js';

/**
 * Stops the managed engine and leaves no process, mount or network of it, also when dockerd was killed before. Its cache and
 * packages stay. Nothing happens when it isn't running. Throws `EngineError`.
 */
export async function engineDown(options: EngineOptions = {}): Promise<void> {
  const layout = engineLayout(options);
  await locked(layout, options, async () => stopAll(layout, options));
}

/**
 * Stops the managed engine and deletes all that is its own: packages (unless they lie elsewhere), cache, images, and its folder
 * if nothing else is in it. Throws `EngineError`.
 */
export async function enginePurge(options: EngineOptions = {}): Promise<void> {
  const layout = engineLayout(options);
  await locked(layout, options, async () => {
    await stopAll(layout, options);
    await unmountBelow(layout.dir);
    options.onProgress?.(`deleting ${layout.dir}`);
    await deleteFolder(layout);
  });
}

/** Nothing to do, and no folder to make for a lock, where there never was an engine. */
async function locked(layout: EngineLayout, options: EngineOptions, work: () => Promise<void>): Promise<void> {
  if (!existsSync(layout.dir) && !existsSync(layout.run) && !(await hasBridge(layout.bridge))) return;
  const { signal, onProgress } = options;
  let lock: FileLock | undefined;
  try {
    lock = await lockFile(layout.lock, {
      signal,
      onWait: () => onProgress?.('waiting for another process that starts or stops the engine'),
    });
    await work();
  } finally {
    await lock?.release();
  }
}

async function stopAll(layout: EngineLayout, options: EngineOptions): Promise<void> {
  options.onProgress?.('stopping the engine');
  await stopEngine(layout, await installedNetworkTools(layout.packages, options.env ?? process.env));
}
