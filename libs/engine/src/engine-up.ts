import { setTimeout as delay } from 'node:timers/promises';
import { dataFolder, startDaemon, writeConfig } from './daemon/dockerd.js';
import { type EngineState, runningEngine, saveState } from './daemon/state.js';
import { stopEngine } from './daemon/stop.js';
import { EngineError, folderError, throwIfAborted } from './engine-error.js';
import { claimFolder } from './engine-folder.js';
import type { EngineInfo, EngineOptions } from './engine-options.js';
import { nestCgroups } from './host/cgroups.js';
import { dockerVersion } from './host/docker-api.js';
import { checkHost } from './host/host-check.js';
import { lockFile } from './host/lock.js';
import { signalProcess } from './host/processes.js';
import { type EngineLayout, engineLayout } from './layout.js';
import { makeNetwork } from './network/bridge.js';
import { forgetPackageLists, packageRoot, resolveSuite } from './packages/package-root.js';
import { engineTools } from './tools.js';

/**
 * Starts the managed engine, or finds it running, and resolves when it answers. The first time, this fetches its packages
 * (some 60 MB); later it needs no network. Two processes that call it at once share one engine. A start that fails leaves nothing behind.
 * Throws `EngineError`.
 */
export async function engineUp(options: EngineOptions = {}): Promise<EngineInfo> {
  const env = options.env ?? process.env;
  const layout = engineLayout(options);
  const { signal, onProgress } = options;
  checkMirror(options.registryMirror);
  const running = await ifUp(layout, options);
  if (running) return running;
  await checkHost(env);
  await claimFolder(layout);
  const lock = await lockFile(layout.lock, {
    signal,
    onWait: () => onProgress?.('waiting for another process that starts or stops the engine'),
  });
  try {
    return (await ifUp(layout, options, busyPatience)) ?? (await start(layout, options, env));
  } finally {
    await lock.release();
  }
}

/** How long an engine that runs may take to answer before it is taken for broken, in milliseconds: it may just be busy. */
const busyPatience = 30_000;

/** The running engine, once it has the settings that are asked for; undefined when none answers within `patience`. */
async function ifUp(layout: EngineLayout, options: EngineOptions, patience = 0): Promise<EngineInfo | undefined> {
  const end = Date.now() + patience;
  let state = await runningEngine(layout);
  let version = state && (await dockerVersion(layout.socket));
  if (state && version === undefined && patience > 0) options.onProgress?.('waiting for the running engine to answer');
  while (state && version === undefined && Date.now() < end) {
    throwIfAborted(options.signal);
    await delay(50);
    state = await runningEngine(layout);
    version = state && (await dockerVersion(layout.socket));
  }
  if (!state || version === undefined) return undefined;
  const suite = options.suite ?? (options.env ?? process.env)['HLB_ENGINE_SUITE'];
  if (suite !== undefined && suite !== '' && suite !== state.suite) throw otherSettings(layout, 'suite', state.suite);
  if (options.logLimits !== undefined && options.logLimits !== state.logLimits)
    throw otherSettings(layout, 'logLimits', state.logLimits);
  const mirror = options.registryMirror;
  if (mirror !== undefined && mirror !== state.registryMirror) {
    await writeConfig(layout, dataFolder(layout, state.suite), mirror);
    signalProcess(state.pid, 'SIGHUP');
    await saveState(layout, { ...state, registryMirror: mirror });
  }
  return engineInfo(layout, state, version);
}

/** What callers learn of an engine that answers. */
export function engineInfo(layout: EngineLayout, state: EngineState, version: string): EngineInfo {
  return { address: `unix://${layout.socket}`, dir: layout.dir, version, pid: state.pid, suite: state.suite };
}

async function start(layout: EngineLayout, options: EngineOptions, env: NodeJS.ProcessEnv): Promise<EngineInfo> {
  const { signal, onProgress, registryMirror } = options;
  const fetch = { packages: layout.packages, signal, onProgress };
  const suite = await resolveSuite(options.suite ?? env['HLB_ENGINE_SUITE']);
  const root = await packageRoot({ ...fetch, name: 'docker', suite, names: ['docker.io', 'containerd'], space: 350e6 });
  const tools = await engineTools(fetch, env);
  await forgetPackageLists(layout.packages);
  // An engine that died, or one that is there and doesn't answer, has left processes and mounts.
  await stopEngine(layout, tools);
  const logLimits = options.logLimits ?? 'default';
  try {
    await nestCgroups();
    const network = await makeNetwork(layout, tools);
    if (network.noWayOut !== undefined) onProgress?.(`builds reach this machine only (${network.noWayOut})`);
    onProgress?.(`starting dockerd of ${suite} on ${network.subnet}`);
    const settings = { suite, logLimits, ...(registryMirror === undefined ? {} : { registryMirror }) };
    const { version, pid } = await startDaemon(layout, {
      ...{ ...settings, root, tools, env, signal, mtu: network.mtu },
      // Written down at once, so that an engine that is still starting can be stopped.
      onStart: (started) => saveState(layout, { pid: started, ...settings }),
    });
    return engineInfo(layout, { pid, ...settings }, version);
  } catch (error) {
    // Why it failed counts more than that something of it is left.
    await stopEngine(layout, tools).catch(() => undefined);
    throw folderError(error, layout.dir);
  }
}

function checkMirror(mirror: string | undefined): void {
  if (mirror === undefined || /^https?:\/\/[^/?#\s]+\/?$/.test(mirror)) return;
  throw new EngineError(
    'bad-option',
    `"${mirror}" is not the address of a registry mirror.`,
    'Give one without a path, like http://localhost:5000.',
  );
}

function otherSettings(layout: EngineLayout, name: string, value: string): EngineError {
  return new EngineError(
    'other-settings',
    `The engine in ${layout.dir} already runs with another setting (${name} is ${value}).`,
    'Stop it first (`hlb engine down`), or set HLB_ENGINE_DIR to another folder for a second engine.',
  );
}
