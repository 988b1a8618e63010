import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** One run of a process. */
export interface Measurement {
  /** Wall time from the start to the end, or to what it was to write, in ms. */
  readonly wall: number;
  /** The highest resident memory of the process and its children, in bytes: each one's own peak, added up. 0 where unknown. */
  readonly peak: number;
}

/** How often a process' memory is looked at, in ms. The kernel keeps the peak; only what comes in a last interval is missed. */
const MEMORY_INTERVAL = 20;

/** Runs a command to its end. Throws with the end of what it wrote when it fails. */
export function measure(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly until?: RegExp },
): Promise<Measurement> {
  const [command, ...rest] = args;
  if (command === undefined) throw new Error('no command to measure');
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const { cwd, env } = options;
    const child = spawn(command, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    let seen: number | undefined;
    const heard = (chunk: Buffer): void => {
      keep(output, chunk);
      if (seen === undefined && options.until?.test(Buffer.concat(output).toString()) === true) {
        seen = performance.now() - started;
      }
    };
    child.stdout.on('data', heard);
    child.stderr.on('data', heard);
    const peaks = new Map<number, number>();
    const look = (): void => {
      if (child.pid !== undefined) for (const pid of family(child.pid)) notePeak(peaks, pid);
    };
    const timer = setInterval(look, MEMORY_INTERVAL);
    child.on('error', (error) => {
      clearInterval(timer);
      reject(error);
    });
    let wall = 0;
    child.on('exit', () => {
      wall = performance.now() - started;
      clearInterval(timer);
    });
    child.on('close', (code, signal) => {
      if (code === 0 && options.until !== undefined && seen === undefined)
        reject(new Error(`${args.join(' ')}: didn't write ${options.until}\n${Buffer.concat(output).toString()}`));
      else if (code === 0)
        resolve({ wall: seen ?? wall, peak: [...peaks.values()].reduce((sum, peak) => sum + peak, 0) });
      else reject(new Error(`${args.join(' ')}: ended with ${signal ?? code}\n${Buffer.concat(output).toString()}`));
    });
  });
}

/** Keeps the last 16 KiB or so. */
function keep(output: Buffer[], chunk: Buffer): void {
  output.push(chunk);
  while (output.length > 64) output.shift();
}

function family(root: number): number[] {
  const all = [root];
  for (const pid of all) {
    try {
      for (const task of readdirSync(`/proc/${pid}/task`)) {
        const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
        if (children !== '') all.push(...children.split(' ').map(Number));
      }
    } catch {
      // It has ended, or this system has no /proc.
    }
  }
  return all;
}

function notePeak(peaks: Map<number, number>, pid: number): void {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    if (match?.[1] !== undefined) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, Number(match[1]) * 1024));
  } catch {
    // It has ended.
  }
}
