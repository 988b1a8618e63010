import { constants, fstatSync, openSync, type Stats } from 'node:fs';
import { Socket } from 'node:net';

/** A pipe that is written to without waiting for its reader: what it hasn't taken is kept until it does. */
export type PipeOutput = Socket & { readonly queues: true };

/**
 * Standard output and standard error where they are pipes. A pager that stops reading must not stop the build: a write that blocks
 * would stop the event loop, and an engine whose health checks aren't answered ends the build.
 *
 * The pipe is opened anew, so that it is our descriptor alone that doesn't block. A process that shares the pipe, such as the
 * shell's next command or a child of ours, keeps its own as it was, and can't make ours block either. Two that are the same pipe
 * (`2>&1`) are one stream, so that their lines stay in order. Where there is no such way (macOS, Windows), nothing is given:
 * Node's own streams will do.
 */
export function pipeOutputs(): { readonly stdout?: PipeOutput; readonly stderr?: PipeOutput } {
  const [first, second] = [pipeAt(1), pipeAt(2)];
  const stdout = first === undefined ? undefined : opened(1);
  const same = first !== undefined && second !== undefined && first.ino === second.ino && first.dev === second.dev;
  const stderr = second === undefined ? undefined : same && stdout !== undefined ? stdout : opened(2);
  return { ...(stdout === undefined ? {} : { stdout }), ...(stderr === undefined ? {} : { stderr }) };
}

function pipeAt(fd: number): Stats | undefined {
  try {
    const stats = fstatSync(fd);
    return stats.isFIFO() ? stats : undefined;
  } catch {
    // Closed (`2>&-`).
    return undefined;
  }
}

function opened(fd: number): PipeOutput | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const own = openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
    return Object.assign(new Socket({ fd: own, readable: false, writable: true }), { queues: true as const });
  } catch {
    // Another user's pipe (`sudo -u`), one whose reader is gone, or no /proc.
    return undefined;
  }
}
