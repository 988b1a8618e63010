import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { smallDisk } from './kinds.js';
import { type Outputs, outputsOf, writeProgram } from './program.js';

const hlb = join(import.meta.dirname, '../../../apps/cli/bin/hlb.cjs');

/** How long a disturbed build may go on (ms): a network that swallows everything is found out after 15 s. */
const PATIENCE_MS = 240_000;

/** How long an engine may take to end what a build left (ms). */
const LEFTOVER_MS = 60_000;

/** What a build came to that was disturbed. */
export interface Outcome {
  /** Exit code, the signal that ended it, or `hang`. */
  readonly end: number | string;
  readonly stderr: string;
  readonly outputs: Outputs;
  /** Lines that it had written when it was disturbed. */
  readonly lines: number;
  /** Processes of the build that still ran on the engine when it should have ended them. */
  readonly running: readonly string[];
}

/** One build and what is done to it. */
export interface Trial {
  readonly address: string;
  readonly registry: string;
  readonly mark: string;
  /** Done when it has written this many lines, and that much later (ms). */
  readonly at: number;
  readonly later: number;
  readonly disturb: (build: ChildProcess) => unknown;
  /** Done when it has ended. */
  readonly recover?: (() => Promise<void>) | undefined;
  /** The size of the disk that it writes to (bytes); as large as this machine's where absent. */
  readonly disk?: number | undefined;
}

/** Runs a build in a folder of its own, and disturbs it. */
export async function runTrial(trial: Trial): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'hlb-chaos-'));
  const unmount = trial.disk === undefined ? undefined : smallDisk(folder, trial.disk);
  try {
    writeProgram(folder, trial.mark, trial.registry);
    const child = spawn(process.execPath, [hlb, '--engine', trial.address, 'run', '--log-output', 'plain'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    let lines = 0;
    let disturbance: Promise<unknown> | undefined;
    const look = (): void => {
      if (lines < trial.at || disturbance !== undefined) return;
      disturbance = delay(trial.later).then(() => trial.disturb(child));
    };
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      lines = stderr.split('\n').length - 1;
      look();
    });
    look();
    const ended = new Promise<number | string>((resolve) => {
      child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
    const patience = new AbortController();
    const end = await Promise.race([ended, delay(PATIENCE_MS, 'hang', { signal: patience.signal })]);
    patience.abort();
    child.kill('SIGKILL');
    await disturbance;
    const running = await leftRunning(trial.mark);
    await trial.recover?.();
    return { end, stderr, outputs: outputsOf(folder), lines, running };
  } finally {
    unmount?.();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Commands with this mark that run in the end. */
async function leftRunning(mark: string): Promise<readonly string[]> {
  const end = Date.now() + LEFTOVER_MS;
  for (;;) {
    const running = commands().filter((command) => command.includes(mark) && command.includes('tick'));
    if (running.length === 0 || Date.now() > end) return running;
    await delay(100);
  }
}

function commands(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
}
