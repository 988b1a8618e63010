import { readFile, writeFile } from 'node:fs/promises';
import { isProcessOf } from '../host/processes.js';
import type { EngineLayout } from '../layout.js';

/** How the running engine was started, kept beside its socket. */
export interface EngineState {
  readonly pid: number;
  readonly suite: string;
  readonly logLimits: 'default' | 'none';
  readonly registryMirror?: string;
}

/** The engine that was started from this folder and still runs; a stale file or a pid that another process has now is none. */
export async function runningEngine(layout: EngineLayout): Promise<EngineState | undefined> {
  const text = await readFile(layout.state, 'utf8').catch(() => '');
  const state = parseState(text);
  if (!state || !(await isProcessOf(state.pid, 'dockerd', layout.run))) return undefined;
  return state;
}

/** Writes down how the engine was started. */
export async function saveState(layout: EngineLayout, state: EngineState): Promise<void> {
  await writeFile(layout.state, `${JSON.stringify(state)}\n`);
}

function parseState(text: string): EngineState | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('suite' in value)) return undefined;
    const { pid, suite } = value;
    if (typeof pid !== 'number' || !Number.isInteger(pid) || typeof suite !== 'string') return undefined;
    const mirror = 'registryMirror' in value ? value.registryMirror : undefined;
    return {
      pid,
      suite,
      logLimits: 'logLimits' in value && value.logLimits === 'none' ? 'none' : 'default',
      ...(typeof mirror === 'string' ? { registryMirror: mirror } : {}),
    };
  } catch {
    return undefined;
  }
}
