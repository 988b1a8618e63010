import { totalmem } from 'node:os';

const MIB = 1024 * 1024;

/** How often the memory of the process is looked at (ms): in this time a thread fills some 100 MB. */
const INTERVAL = 50;

/** What passes from outside may take where nobody says otherwise (bytes): half of what there is, at most 4 GiB, where V8 ends a heap. */
export function defaultMemoryLimit(): number {
  const all = totalmem();
  // Of a container; without a bound it is nothing, or more than there is.
  const bound = process.constrainedMemory() ?? 0;
  return Math.min(4096 * MIB, Math.floor((bound > 0 ? Math.min(bound, all) : all) / 2));
}

/**
 * Calls `onFull` once when the process has come to take more than `limit` bytes beyond what it takes now. A thread's buffers stand
 * outside of its heap, where V8 bounds nothing, and a thread in a loop can't be asked what it has: only the whole process is seen.
 * Gives what ends the watching.
 */
export function watchMemory(limit: number, onFull: () => void): () => void {
  const before = process.memoryUsage.rss();
  const timer = setInterval(() => {
    if (process.memoryUsage.rss() - before <= limit) return;
    clearInterval(timer);
    onFull();
  }, INTERVAL);
  timer.unref();
  return () => clearInterval(timer);
}

/** `1.5 GiB`, `64 MiB` */
export function memoryText(bytes: number): string {
  const mebibytes = Math.round(bytes / MIB);
  return mebibytes < 1024 ? `${mebibytes} MiB` : `${Math.round(mebibytes / 102.4) / 10} GiB`;
}
