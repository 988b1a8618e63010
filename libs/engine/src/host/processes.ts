import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** One process of this machine, as /proc shows it. */
interface ProcessInfo {
  readonly pid: number;
  readonly executable: string;
  readonly args: readonly string[];
}

/** A process of an engine, and the name of its program's file. */
export interface EngineProcess {
  readonly pid: number;
  readonly program: string;
}

/** The programs that an engine starts; anything else that merely names the engine's folder (an editor, `tail`) isn't its own. */
const enginePrograms = [
  'dockerd',
  'containerd',
  'containerd-shim',
  'containerd-shim-runc-v2',
  'runc',
  'docker-registry',
];

/** True when `pid` is a living process of `program` with an argument that names a path below `folder`. */
export async function isProcessOf(pid: number, program: string, folder: string): Promise<boolean> {
  const info = await readProcess(pid);
  return info !== undefined && basename(info.executable) === program && names(info.args, folder);
}

/**
 * The processes of an engine: its own programs, told by an argument below its folders, and what builds run in containers,
 * told by the control group that the engine's containers are in.
 */
export async function engineProcesses(folders: readonly string[], cgroup: string): Promise<EngineProcess[]> {
  const found: EngineProcess[] = [];
  // Inside of a container of another engine our own group may be called like ours.
  const ownGroups = await controlGroups('self');
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const info = await readProcess(pid);
    if (!info) continue;
    const own =
      enginePrograms.includes(basename(info.executable)) && folders.some((folder) => names(info.args, folder));
    const groups = own ? '' : await controlGroups(pid);
    if (own || (groups.includes(`:/${cgroup}/`) && groups !== ownGroups))
      found.push({ pid, program: basename(info.executable) });
  }
  return found;
}

/** Asks a process to end and waits for it; kills it after `patience` milliseconds. Resolves when it is gone. */
export async function endProcess(pid: number, patience: number): Promise<void> {
  if (!signalProcess(pid, 'SIGTERM')) return;
  if (await waitUntilGone([pid], patience)) return;
  signalProcess(pid, 'SIGKILL');
  await waitUntilGone([pid], 10_000);
}

/** Kills processes at once and waits until they are gone; false when some still aren't after ten seconds. */
export async function killProcesses(pids: readonly number[]): Promise<boolean> {
  for (const pid of pids) signalProcess(pid, 'SIGKILL');
  return waitUntilGone(pids, 10_000);
}

/** Sends a signal; false when the process is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** True once none of the processes lives; a zombie counts as gone. False after `patience` milliseconds. */
async function waitUntilGone(pids: readonly number[], patience: number): Promise<boolean> {
  const end = Date.now() + patience;
  for (;;) {
    const alive = await Promise.all(pids.map(isAlive));
    if (!alive.includes(true)) return true;
    if (Date.now() > end) return false;
    await delay(20);
  }
}

async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const state = stat.slice(stat.lastIndexOf(')') + 2).charAt(0);
  return state !== '' && state !== 'Z' && state !== 'X';
}

async function readProcess(pid: number): Promise<ProcessInfo | undefined> {
  try {
    const executable = await readlink(`/proc/${pid}/exe`);
    const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    return { pid, executable: executable.replace(/ \(deleted\)$/, ''), args };
  } catch {
    // It ended meanwhile, or is a thread of the kernel.
    return undefined;
  }
}

function names(args: readonly string[], folder: string): boolean {
  return args.some((arg) => arg.includes(`${folder}/`));
}

async function controlGroups(pid: number | 'self'): Promise<string> {
  return readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
}
